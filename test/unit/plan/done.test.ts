import { expect, test } from 'vitest';
import type { Finding, Rung, Severity } from '../../../source/core/evidence.ts';
import { doneCount, isDone } from '../../../source/core/plan/done.ts';
import type { TaskRow } from '../../../source/core/plan/row.ts';

function task(name: string, rung: Rung, findings: readonly string[] = []): TaskRow {
  return { number: 1, name, title: name, wave: '', rung, evidence: [], findings, blockedBy: [] };
}

function finding(id: string, severity: Severity): Finding {
  return { id, rule: 'r', severity, title: '', where: { file: 'f' }, saw: '', why: '', fix: { text: '' } };
}

test('a task is done when it was seen to work; one that nothing can prove, when what it changes is valid', () => {
  const rungs: Rung[] = ['unknown', 'absent', 'present', 'valid', 'reachable', 'proven'];
  const done = (name: string): Rung[] => rungs.filter((rung) => isDone(task(name, rung), []));
  expect(done('bazel-remote')).toEqual(['proven']);
  expect(done('container-layers')).toEqual(['valid', 'reachable', 'proven']);
});

test('an error about it keeps a task from being done; a warning, or an error about another, does not', () => {
  const row = task('bazel-remote', 'proven', ['mine']);
  expect(isDone(row, [finding('mine', 'error')])).toBe(false);
  expect(isDone(row, [finding('mine', 'warning'), finding('other', 'error')])).toBe(true);
});

test('the count is never rounded up', () => {
  const rows = [task('bazel-remote', 'proven'), task('nix-flake', 'valid'), task('pages', 'unknown')];
  expect(doneCount(rows, [])).toBe('1/3 (33 %)');
  expect(doneCount([], [])).toBe('0/0 (0 %)');
  const two = [...rows.slice(0, 1), ...rows.slice(0, 1), ...rows.slice(1, 2)];
  expect(doneCount(two, [])).toBe('2/3 (66 %)');
});
