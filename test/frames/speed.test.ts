import { describe, expect, test } from 'vitest';
import { Unavailable } from '../../source/core/failure.ts';
import { rich } from './snapshots.ts';
import { speedWorld } from './speedWorld.ts';
import { type Shown, type ShowOptions, show } from './terminal.ts';

const sizes = [
  [80, 24],
  [160, 45],
] as const;

async function opened(options: ShowOptions = {}, world = speedWorld()) {
  const shown = await show(rich(), { workspace: world.workspace, ...options });
  await shown.type('m');
  return { ...shown, world } satisfies Shown & { world: typeof world };
}

describe.each(sizes)('Speed at %ix%i', (columns, rows) => {
  test.each([
    ['rows', 0, 3],
    ['changes', 1, 0],
    ['cost', 2, 0],
  ])('%s', async (name, views, down) => {
    const shown = await opened({ columns, rows });
    await shown.until('Container rebuild');
    for (let turn = 0; turn < views; turn += 1) await shown.type('v');
    for (let turn = 0; turn < down; turn += 1) await shown.type('j');
    await expect(`${shown.frame()}\n`).toMatchFileSnapshot(`frames/speed-${name}-${columns}x${rows}.txt`);
  });

  test('without colour and beyond ASCII', async () => {
    const env = { TERM: 'xterm-256color', LANG: 'C', NO_COLOR: '1' };
    const shown = await opened({ columns, rows, options: { env, ascii: true } });
    await shown.until('Container rebuild');
    for (let turn = 0; turn < 3; turn += 1) await shown.type('j');
    const frame = shown.frame();
    expect(frame.replaceAll('’', "'")).toMatch(/^[\n -~]*$/);
    expect(frame).toMatch(/[@#*]{3}[_.@#*=+-]*[_.]/);
    expect(shown.written()).not.toMatch(/\u001B\[[\d;]*(?:3[0-7]|38;5;\d+|9[0-7])m/);
  });
});

test('nothing is read before it is opened, and what was read stays for the next time', async () => {
  const world = speedWorld();
  const shown = await show(rich(), { workspace: world.workspace });
  expect(world.calls).toEqual([]);
  await shown.type('m');
  await shown.until('Container rebuild');
  const first = world.calls.length;
  expect(first).toBeLessThanOrEqual(2 + 2 * 24);
  await shown.type('q');
  await shown.type('m');
  expect(shown.frame()).toContain('Container rebuild');
  await shown.settle();
  // Only what may have changed is asked again.
  expect(world.calls.slice(first)).toEqual(['pipelines', 'registry']);
});

test('the palette finds it, and it does not open over itself', async () => {
  const shown = await show(rich(), { workspace: speedWorld().workspace });
  await shown.type(':speed');
  expect(shown.frame()).toContain('What the plan promises');
  await shown.type('\r');
  await shown.until('Container rebuild');
  await shown.type('m');
  expect(shown.frame()).toContain('Speed: it is open');
});

test('y copies the report as Markdown', async () => {
  const shown = await opened();
  await shown.until('Container rebuild');
  const before = shown.written().length;
  await shown.type('y');
  const [, base64 = ''] = /\u001B\]52;c;([^\u0007\u001B]*)/.exec(shown.written().slice(before)) ?? [];
  const copied = Buffer.from(base64, 'base64').toString('utf8');
  expect(copied).toMatch(/^## Build speed\n/);
  expect(copied).toContain('| Container rebuild | 25m to 30m |');
  expect(shown.frame()).toContain('copied the report, as Markdown');
});

test('while it is read it says so, and no other key waits for it', async () => {
  const world = speedWorld();
  world.answer('never');
  const shown = await opened({}, world);
  await shown.until('reading pipelines');
  await shown.type('q');
  expect(shown.frame()).toContain('Plan');
  await shown.type('!');
  expect(shown.frame()).toContain('Findings');
});

test('a failure says what to do; a later one keeps what was read', async () => {
  const down = new Unavailable({
    tried: 'GET pipelines',
    saw: '502 Bad Gateway',
    next: ['Wait for the server.'],
    code: 'down',
  });
  const world = speedWorld();
  world.answer(down);
  const shown = await opened({}, world);
  await shown.until('502 Bad Gateway');
  expect(shown.frame()).toContain('Wait for the server.');
  world.answer('well');
  await shown.type('r');
  await shown.until('Container rebuild');
  world.answer(down);
  await shown.type('r');
  await shown.until('502 Bad Gateway');
  expect(shown.frame()).toContain('Container rebuild');
  expect(shown.frame()).toContain('stale');
});

test('without a project it says what to set', async () => {
  const shown = await show(rich());
  await shown.type('m');
  expect(shown.frame()).toContain('not configured in this test');
});
