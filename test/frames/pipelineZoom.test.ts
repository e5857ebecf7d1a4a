import { expect, test } from 'vitest';
import { withPipeline } from './pipelineWorld.ts';
import { show } from './terminal.ts';

async function timeline(columns = 100) {
  const shown = await show(withPipeline(), { columns, rows: 24 });
  await shown.type('5+vv');
  return shown;
}

/** Labels of the axis. */
function axis(frame: string): string[] {
  return (frame.split('\n')[2] ?? '').match(/now|\d+(?:m|s|h)?/g) ?? [];
}

test('the timeline goes closer around the selected job, and back to all of it', async () => {
  const { type, frame } = await timeline();
  const whole = frame();
  await type('jj..');
  expect(axis(frame()).length).toBeGreaterThan(2);
  expect(frame()).not.toBe(whole);
  expect(frame()).toMatch(/sign:macos +│? *→/);
  await type(',,');
  await type('kk');
  expect(frame()).toBe(whole);
});

test('it goes along with the selection, and moves with the arrows', async () => {
  const { type, frame } = await timeline();
  await type('...jjjjjjjj');
  expect(frame()).toMatch(/lint +←/);
  await type('g');
  expect(frame()).not.toMatch(/lint +←/);
  await type(']]]]]]]]');
  expect(frame()).toMatch(/lint +←/);
});

test('labels on the axis leave room for each other, and for now', async () => {
  for (const columns of [60, 80, 100, 140]) {
    const { type, frame } = await timeline(columns);
    for (let step = 0; step < 5; step += 1) {
      expect(frame().split('\n')[2]).not.toMatch(/[0-9smh]now|now[0-9]|[smh]\d+[smh]/);
      await type('.');
    }
  }
});

test('in the other views there is nothing to zoom, and that is said', async () => {
  const { type, frame } = await show(withPipeline());
  await type('5+.');
  expect(frame()).toContain('only in the timeline');
});
