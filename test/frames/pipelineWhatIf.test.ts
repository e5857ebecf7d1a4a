import { expect, test } from 'vitest';
import { whatIf } from '../../source/core/pipeline/whatIf.ts';
import { type Thought, whatIfLines } from '../../views/pipeline/whatIf/view.ts';
import { glyphsOf } from '../../views/text/glyphs.ts';
import { lineText } from '../../views/text/line.ts';
import { marksOf } from '../../views/text/marks.ts';
import { cells } from '../../views/text/width.ts';

const names = ['fetch', 'build', 'test', 'packaging with a long name', '部署'];
const plan = {
  stages: names,
  jobs: names.map((name, index) => ({
    name,
    stage: name,
    needs: null,
    when: 'on_success' as const,
    allowFailure: false,
    tags: [],
    duration: 60 * (index + 1),
  })),
};

function lines(thoughts: readonly Thought[], width: number, ascii = false): string[] {
  return whatIfLines({
    result: whatIf(
      plan,
      thoughts.flatMap(({ changes }) => changes),
    ),
    thoughts,
    assumptions: ['every job finds a runner at once'],
    width,
    glyphs: glyphsOf(ascii),
    marks: marksOf({ ascii }),
  }).map((line) => lineText(line).trimEnd());
}

const task: Thought = {
  title: 'Run independent jobs',
  changes: names.slice(1).map((job) => ({ kind: 'needs', job, needs: [] })),
  assumptions: ['the task assumes this'],
};

test('what a task changes stands under the result, however much it is', () => {
  const shown = lines([task], 80);
  const at = (text: string): number => shown.findIndex((line) => line.includes(text));
  expect(shown[0]).toBe('1 Run independent jobs: 4 changes of jobs');
  expect(at('saves 10m')).toBe(1);
  expect(at('after 5m')).toBeLessThan(at('build starts at once'));
  expect(at('the task assumes this')).toBeGreaterThan(0);
});

test('many thoughts leave the result at the top', () => {
  const thoughts = Array.from(
    { length: 12 },
    (): Thought => ({ changes: [{ kind: 'duration', job: 'test', seconds: 30 }] }),
  );
  const shown = lines(thoughts, 80);
  expect(shown[0]).toBe('8 more changes before these');
  expect(shown[1]).toBe('9 test takes 30s, not 3m 00s');
  expect(shown.findIndex((line) => line.startsWith('saves'))).toBe(5);
});

test('where it is wide both timelines stand beside each other, a row a job', () => {
  const shown = lines([task], 140);
  expect(shown.join('\n')).toMatch(/before 15m 00s +│ after 5m 00s/);
  for (const name of names)
    expect(shown.filter((line) => line.slice(2).startsWith(`${name} `) && line.includes('│'))).toHaveLength(
      1,
    );
});

test.each([60, 80, 116, 120, 160, 300])('at %i columns no line is too wide', (width) => {
  for (const ascii of [true, false])
    for (const line of lines([task], width, ascii)) expect(cells(line)).toBeLessThanOrEqual(width);
});

test('a change that saves nothing says so', () => {
  expect(lines([{ changes: [{ kind: 'tags', job: 'test', tags: [] }] }], 80)).toContain('saves nothing');
});
