import { describe, expect, test } from 'vitest';
import { withPipeline, withThousands } from './pipelineWorld.ts';
import { type Shown, show } from './terminal.ts';

const sizes = [
  [80, 24],
  [160, 45],
] as const;

async function zoomed(columns: number, rows: number, snapshot = withPipeline()): Promise<Shown> {
  const shown = await show(snapshot, { columns, rows });
  await shown.type('5');
  await shown.type('+');
  return shown;
}

describe.each(sizes)('the pipeline at %ix%i', (columns, rows) => {
  test.each([
    ['stage', 0, 'nix:build'],
    ['needs', 1, 'bazel:build 2/3'],
    ['timeline', 2, 'bazel:build 1/3'],
  ])('by %s', async (name, times, selected) => {
    const shown = await zoomed(columns, rows);
    for (let turn = 0; turn < times; turn += 1) await shown.type('v');
    for (let turn = 0; turn < 3; turn += 1) await shown.type('j');
    if (columns > 130) await shown.until(`││ ✔ ${selected}`);
    await expect(`${shown.frame()}\n`).toMatchFileSnapshot(`frames/pipeline-${name}-${columns}x${rows}.txt`);
  });

  test('one job', async () => {
    const shown = await zoomed(columns, rows);
    await shown.type('v');
    await shown.type('/unit');
    await shown.type('\r');
    await shown.type('\r');
    await expect(`${shown.frame()}\n`).toMatchFileSnapshot(`frames/pipeline-job-${columns}x${rows}.txt`);
  });
});

test('groups open with Enter, and the filter looks into them', async () => {
  const shown = await zoomed(80, 24);
  await shown.type('j');
  await shown.type('j');
  expect(shown.frame()).not.toContain('2/3');
  await shown.type('\r');
  expect(shown.frame()).toContain('2/3');
  await shown.type('\r');
  await shown.type('/build 2');
  expect(shown.frame()).toMatch(/\/build 2\s+1 of 12/);
  expect(shown.frame()).toContain('2/3');
});

test('failed only keeps what failed, and says so', async () => {
  const shown = await zoomed(80, 24);
  await shown.type('e');
  expect(shown.frame()).toContain('failed only');
  expect(shown.frame()).toContain('spell');
  expect(shown.frame()).not.toContain('nix:build');
});

test('the timeline of what runs has a now, and what will come', async () => {
  const shown = await zoomed(120, 30);
  await shown.type('v');
  await shown.type('v');
  expect(shown.frame()).toContain('now');
});

test('what-if simulates a change and says what it would save', async () => {
  const shown = await zoomed(120, 40);
  await shown.type('w');
  await shown.until('Enter adds a change');
  await expect(`${shown.frame()}\n`).toMatchFileSnapshot('frames/pipeline-what-if-120x40.txt');
});

test('a retry is locked until writes are armed, and says so', async () => {
  const shown = await zoomed(80, 24);
  await shown.type('T');
  expect(shown.frame()).toMatch(/Retry job: /);
});

test('five thousand jobs: every view answers a key with a frame', async () => {
  const shown = await zoomed(160, 45, withThousands());
  for (const view of ['by stage', 'by needs', 'timeline']) {
    await shown.until(view);
    const times: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const before = shown.frame();
      await shown.type('j');
      expect(shown.frame()).not.toBe(before);
      times.push(turn);
    }
    await shown.type('G');
    await shown.until(/(5000\/5000 ─|job 4999)/);
    await shown.type('g');
    await shown.type('v');
  }
});

test('a pipeline that goes away while it is shown leaves a pane that says so', async () => {
  const shown = await zoomed(80, 24);
  shown.monitor.show({
    pipeline: {
      state: 'failed',
      failure: {
        kind: 'needs-user',
        tried: 'GET pipelines/2191',
        saw: '404 Not found',
        next: ['Choose another pipeline with H.'],
        code: 'not-found',
      },
    },
  });
  await shown.until('Choose another pipeline');
});

test('in ASCII nothing else is drawn', async () => {
  const shown = await show(withPipeline(), { columns: 120, rows: 36, options: { ascii: true } });
  await shown.type('5');
  await shown.type('+');
  for (const view of ['by stage', 'by needs', 'timeline']) {
    await shown.until(view);
    expect(shown.frame()).not.toMatch(/[^\n\u0020-\u007E]/);
    await shown.type('j');
    await shown.type('v');
  }
});

test.each([
  [40, 12],
  [20, 6],
  [300, 100],
])('at %ix%i every view stays whole', async (columns, rows) => {
  const shown = await zoomed(columns, rows);
  for (let turn = 0; turn < 3; turn += 1) {
    await shown.type('j');
    await shown.type(']');
    expect(shown.frame()).toContain(columns < 40 ? '' : 'Pipeline');
    expect(shown.frame()).not.toContain('this part of the screen failed');
    await shown.type('v');
  }
  await shown.resize(columns + 20, rows + 5);
  expect(shown.frame()).not.toContain('this part of the screen failed');
});
