import { expect, test } from 'vitest';
import { atLeast, compareFindings, type Finding, rungs, type Severity } from '../../source/core/evidence.ts';

test('a rung is at least itself and all below it; what is unknown is at least nothing', () => {
  for (const [index, rung] of rungs.entries())
    expect(rungs.filter((least) => atLeast(rung, least))).toEqual(rungs.slice(0, index + 1));
  for (const least of rungs) expect(atLeast('unknown', least)).toBe(false);
});

test('findings come worst first, then by place, numbers by their size', () => {
  const finding = (severity: Severity, id: string): Finding => ({
    id,
    rule: 'r',
    severity,
    title: '',
    where: { file: 'f' },
    saw: '',
    why: '',
    fix: { text: '' },
  });
  const sorted = [
    finding('info', 'a:1'),
    finding('error', 'b:10'),
    finding('warning', 'a:1'),
    finding('error', 'b:9'),
  ].sort(compareFindings);
  expect(sorted.map(({ severity, id }) => `${severity} ${id}`)).toEqual([
    'error b:9',
    'error b:10',
    'warning a:1',
    'info a:1',
  ]);
});
