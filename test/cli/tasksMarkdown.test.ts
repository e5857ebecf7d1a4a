import { expect, test } from 'vitest';
import { showTasksMarkdown } from '../../source/cli/tasksMarkdown.ts';
import type { Finding, Rung } from '../../source/core/evidence.ts';
import { doneCount, isDone } from '../../source/core/plan/done.ts';
import type { TaskRow } from '../../source/core/plan/row.ts';
import { speedReport } from '../../source/core/speed/report.ts';
import { empty } from '../frames/snapshots.ts';
import { hour, input, noon, past } from '../unit/speed/world.ts';

const now = new Date(noon).toISOString();

function task(name: string, rung: Rung, more: Partial<TaskRow> = {}): TaskRow {
  return {
    number: 1,
    name,
    title: `Do ${name}`,
    wave: 'Wave 4 · Phase 3',
    rung,
    evidence: [{ at: new Date(noon - 3 * hour).toISOString(), source: 'files | here', saw: 'a_b <i>c' }],
    findings: [],
    blockedBy: [],
    ...more,
  };
}

function finding(id: string, severity: Finding['severity']): Finding {
  const text = { saw: 'x', why: 'y', fix: { text: 'z' } } as const;
  return { id, rule: id, severity, title: `${id} is wrong`, where: { object: 'o' }, ...text };
}

test.each<[string, Rung, boolean]>([
  ['pages', 'proven', true],
  ['pages', 'reachable', false],
  ['pages', 'valid', false],
  ['install-script', 'valid', true],
  ['install-script', 'present', false],
  ['parallel-jobs', 'valid', true],
  ['cache-lifetimes', 'unknown', false],
])('%s that is %s counts as done: %s', (name, rung, done) => {
  expect(isDone(task(name, rung), [])).toBe(done);
});

test('an error about it keeps a task from being done, a warning does not; the count is never rounded up', () => {
  const row = task('pages', 'proven', { findings: ['f'] });
  expect(isDone(row, [finding('f', 'error')])).toBe(false);
  expect(isDone(row, [finding('f', 'warning')])).toBe(true);
  expect(isDone(row, [finding('other', 'error')])).toBe(true);
  const tasks = [row, row, task('pages', 'valid')];
  expect(doneCount(tasks, [])).toBe('2/3 (66 %)');
  expect(doneCount([], [])).toBe('0/0 (0 %)');
});

function markdown(tasks: readonly TaskRow[], findings: readonly Finding[], speed?: 'nothing') {
  const pipelines = [past({ id: 1, at: noon - hour, jobs: [{ name: 'container:build', seconds: 1_600 }] })];
  const applied = [
    {
      run: 'r',
      task: 'container-layers',
      title: 'Cache container layers',
      at: now,
      commits: [{ title: 'Cache', branch: 'b' }],
      paths: [],
    },
  ];
  let text = '';
  const status = showTasksMarkdown(
    { ...empty, tasks, findings },
    speed ? { because: 'no project' } : { report: speedReport(input({ pipelines, applied })) },
    now,
    { stdout: (part) => (text += part), stderr: () => {} },
  );
  return { text, status };
}

test('the section has boxes by evidence, its age, findings, promise and what was measured', () => {
  const rows = [
    task('container-layers', 'absent', {
      number: 11,
      promise: '3–12×',
      blockedBy: [8],
      findings: ['a', 'b', 'c', 'd'],
    }),
    task('pages', 'proven', { number: 1, wave: 'Wave 1' }),
  ];
  const findings = [finding('a', 'info'), finding('b', 'error'), finding('c', 'info'), finding('d', 'info')];
  const { text } = markdown(rows, findings);
  expect(text).toContain('**1/2 (50 %)**, looked at 2026-11-24 12:00 UTC.');
  expect(text).toContain('A task counts as done when it was seen to work (proven)');
  expect(text.match(/^### .*$/gm)).toEqual(['### Wave 4 · Phase 3', '### Wave 1']);
  const [, lines = ''] = /### Wave 4 · Phase 3\n\n([\s\S]*?)\n\n###/.exec(text) ?? [];
  expect(lines.split('\n')).toEqual([
    '- [ ] **11. Do container-layers** (`container-layers`): ○ absent. a\\_b &lt;i>c (files \\| here, 2026-11-24)',
    '  - after 8',
    '  - error: b is wrong',
    '  - info: a is wrong',
    '  - info: c is wrong',
    '  - and 1 other finding',
    '  - promised: 3–12×',
    '  - measured: Container rebuild 26m 40s (n=1, 2026-11-24); expected 2m to 3m: not yet: 1 of 5 runs',
    '  - applied 2026-11-24: no pipeline of main has it yet',
  ]);
  expect(text).toContain('- [x] **1. Do pages** (`pages`): ✔ proven.');
});

test('an hour later the same evidence gives the same text, but for when it was looked at', () => {
  const at = (later: string): string => {
    let text = '';
    const io = { stdout: (part: string) => (text += part), stderr: () => {} };
    showTasksMarkdown({ ...empty, tasks: [task('pages', 'proven')] }, { because: 'no project' }, later, io);
    return text;
  };
  const hourLater = at(new Date(noon + hour).toISOString());
  expect(hourLater).toContain('looked at 2026-11-24 13:00 UTC');
  expect(hourLater.replace('13:00', '12:00')).toBe(at(now));
});

test('where nothing was measured it says why, and what could not be looked at', () => {
  const { text, status } = markdown([task('container-layers', 'unknown', { evidence: [] })], [], 'nothing');
  expect(text).toContain('- [ ] **1. Do container-layers** (`container-layers`): ? unknown. not looked at');
  expect(text).not.toContain('- measured:');
  expect(text).toContain('Nothing was measured: no project');
  expect(status).toBe(2);
});
