import { expect, test } from 'vitest';
import { empty, rich } from './snapshots.ts';
import { show } from './terminal.ts';

test.each([
  [160, 45],
  [120, 36],
  [80, 24],
  [40, 12],
  [300, 100],
])('the dashboard at %ix%i', async (columns, rows) => {
  const { frame } = await show(rich(), { columns, rows });
  await expect(`${frame()}\n`).toMatchFileSnapshot(`frames/dashboard-${columns}x${rows}.txt`);
});

test('the dashboard in ASCII', async () => {
  const { frame } = await show(rich(), { columns: 160, rows: 45, options: { ascii: true } });
  await expect(`${frame()}\n`).toMatchFileSnapshot('frames/dashboard-ascii.txt');
  expect(frame()).not.toMatch(/[^\n\u0020-\u007E]/);
});

test('before the first answer every pane is there and says what it waits for', async () => {
  const { frame } = await show(empty, { columns: 160, rows: 45 });
  expect(frame().match(/waiting for the first answer/g)).toHaveLength(5);
  await expect(`${frame()}\n`).toMatchFileSnapshot('frames/dashboard-empty.txt');
});

test('what the dashboard shows is watched from its first frame on', async () => {
  const { monitor } = await show(rich(), { columns: 160, rows: 45 });
  for (const source of ['checkout', 'variables', 'pipelines', 'pipeline', 'signingJobs'])
    expect(monitor.interest()).toContain(source);
});
