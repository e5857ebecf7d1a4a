import { expect, test } from 'vitest';
import { rich } from './snapshots.ts';
import { show } from './terminal.ts';

const colours = /\u001B\[[\d;]*(?:3\d|9\d|38;5;\d+|4[0-7]|48;5;\d+)m/;

test.each([
  [20, 5],
  [24, 8],
  [10, 3],
  [40, 12],
  [79, 23],
  [119, 60],
  [300, 10],
  [30, 100],
  [300, 100],
])('at %ix%i every screen fills the terminal and nothing more', async (columns, rows) => {
  const { type, terminal, written, status } = await show(rich(), { columns, rows });
  for (const keys of [
    '2\r',
    '\u001B',
    '3+',
    '+',
    '!',
    '\r',
    'q',
    'q',
    '@',
    'q',
    '?',
    'q',
    ':',
    '\u001B',
    'a',
    'n',
  ]) {
    await type(keys);
    expect(terminal.buffer.active.length).toBe(rows);
    expect(terminal.buffer.active.baseY).toBe(0);
  }
  expect(written().length).toBeGreaterThan(0);
  await type('\u0003');
  expect(await status).toBe(0);
});

test('after a storm of sizes the screen is the one that a fresh start would draw', async () => {
  const stormy = await show(rich(), { columns: 80, rows: 24 });
  let seed = 7;
  const random = (least: number, most: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return least + (seed % (most - least));
  };
  for (let round = 0; round < 12; round += 1) {
    const [columns, rows] = [random(20, 200), random(5, 60)];
    await stormy.resize(random(20, 200), random(5, 60));
    await stormy.resize(columns, rows);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await stormy.settle();
    const { frame } = await show(rich(), { columns, rows });
    expect(stormy.frame()).toBe(frame());
  }
}, 60_000);

test('NO_COLOR: no colour, and the selected row still has its mark', async () => {
  const env = { TERM: 'xterm-256color', LANG: 'C.UTF-8', NO_COLOR: '1' };
  const { written, frame, type } = await show(rich(), { columns: 160, rows: 45, options: { env } });
  await type('j');
  expect(written()).not.toMatch(colours);
  expect(frame()).toContain('▶  2  ◐');
});

test('a locale that is not UTF-8 gets ASCII', async () => {
  const env = { TERM: 'xterm', LANG: 'C' };
  const { frame } = await show(rich(), { columns: 120, rows: 40, options: { env } });
  expect(frame()).not.toMatch(/[^\n\u0020-\u007E]/);
});

test('a terminal of sixteen colours is sent no others', async () => {
  const env = { TERM: 'linux', LANG: 'C.UTF-8' };
  const { written } = await show(rich(), { options: { env } });
  expect(written()).toContain('\u001B[31m');
  expect(written()).not.toMatch(/[34]8;5/);
});

test('a light ground gets darker colours', async () => {
  const env = { TERM: 'xterm-256color', LANG: 'C.UTF-8', COLORFGBG: '0;15' };
  const { written } = await show(rich(), { options: { env } });
  expect(written()).toContain('38;5;160');
  expect(written()).not.toContain('38;5;210');
});
