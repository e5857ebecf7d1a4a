import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Shown, type ShowOptions, show } from './terminal.ts';
import { type VerifyWorld, verifyWorld } from './verifyWorld.ts';

const sizes = [
  [80, 24],
  [160, 45],
] as const;

/** Opened, and all that can be looked at was. */
async function opened(
  options: ShowOptions = {},
  world = verifyWorld(),
): Promise<Shown & { readonly world: VerifyWorld }> {
  const shown = await show(world.snapshot, { workspace: world.workspace, ...options });
  await shown.type('=');
  await shown.until('ran 30m 20s');
  await shown.settle();
  return { ...shown, world };
}

const slowNix = `echo "building '/nix/store/aaaa-huskycat.drv'..." >&2
while [ ! -e go ]; do sleep 0.05; done
mkdir -p result/bin
printf '#!/bin/sh\\necho huskycat 2.0.0\\n' > result/bin/huskycat
chmod 755 result/bin/huskycat
echo "copying path '/nix/store/bbbb-python' from 'https://cache.nixos.org'..." >&2`;

describe.each(sizes)('Verify at %ix%i', (columns, rows) => {
  test('what was seen last, of each command in each place', async () => {
    const shown = await opened({ columns, rows });
    await shown.type('jj');
    await expect(`${shown.frame()}\n`).toMatchFileSnapshot(`frames/verify-${columns}x${rows}.txt`);
  });

  test('Enter shows the evidence', async () => {
    const shown = await opened({ columns, rows });
    await shown.type('jj\r');
    await expect(`${shown.frame()}\n`).toMatchFileSnapshot(`frames/verify-row-${columns}x${rows}.txt`);
  });

  test('without colour and beyond ASCII', async () => {
    const env = { TERM: 'xterm-256color', LANG: 'C', NO_COLOR: '1' };
    const shown = await opened({ columns, rows, options: { env, ascii: true } });
    expect(shown.frame().replaceAll('’', "'")).toMatch(/^[\n -~]*$/);
    expect(shown.written()).not.toMatch(/\u001B\[[\d;]*(?:3[0-7]|38;5;\d+|9[0-7])m/);
  });
});

test('looking changes nothing, and what was seen stays for the next time', async () => {
  const { type, frame, world } = await opened();
  expect((await world.workspace.journal.read()).entries).toEqual([]);
  const first = world.calls.length;
  await type('q=');
  expect(frame()).toContain('ran 30m 20s');
  expect(world.calls.length).toBe(first);
  await type('r');
  expect(world.calls.length).toBeGreaterThan(first);
});

test('a build needs writes to be armed, is asked for with its commands, and is in the journal', async () => {
  const world = verifyWorld();
  world.program('nix', `touch go; ${slowNix}`);
  const { type, frame, until } = await opened({}, world);
  await type('B');
  expect(frame()).toContain('press a to arm');
  await type('ay');
  await type('B');
  expect(frame()).toContain('Nix build with the cache: run it here?');
  expect(frame()).toContain('nix build --print-build-logs');
  await type('n');
  expect((await world.workspace.journal.read()).entries).toEqual([]);
  await type('By');
  await until('1 path copied from https://cache.nixos.org');
  expect(readFileSync(join(world.folder, 'journal.jsonl'), 'utf8')).toContain('Run nix');
});

test('what it prints is shown as it comes, in a log too, and x stops it', async () => {
  const world = verifyWorld();
  world.program('nix', slowNix);
  const { type, frame, until } = await opened({}, world);
  await type('ay');
  await type('By');
  await until('aaaa-huskycat.drv');
  expect(frame()).toContain('▶ nix-build here');
  await type('l');
  expect(frame()).toContain('grows');
  await type('q');
  await type('x');
  await until('stopped after');
});

test('when a build has ended, writes are armed no longer than before', async () => {
  const world = verifyWorld();
  world.program('nix', `touch go; ${slowNix}`);
  const { type, until } = await opened({}, world);
  await type('ay');
  const before = world.workspace.gate.armed();
  await type('By');
  await until('1 path copied from');
  expect(world.workspace.gate.armed()).toEqual(before);
});

test('a missing program says what to do', async () => {
  const world = verifyWorld();
  world.program('nix', 'exit 127');
  const { type, until } = await opened({}, world);
  await type('ay');
  await type('By');
  await until('nix is not installed');
});

test('with --read-only nothing can be run, and that is said', async () => {
  const { type, frame } = await opened({}, verifyWorld({ readOnly: true }));
  await type('B');
  expect(frame()).toContain('--read-only');
});

test('a build on honey asks where the checkout is, and takes no folder that is not one', async () => {
  const { type, frame } = await opened();
  await type('ay');
  await type('jB');
  expect(frame()).toContain('Where is the checkout on honey?');
  await type('\u007Fhome\r');
  expect(frame()).toContain('a folder on honey begins with /');
});

test('the palette finds it', async () => {
  const world = verifyWorld();
  const { type, frame } = await show(world.snapshot, { workspace: world.workspace });
  await type(':verify\r');
  expect(frame()).toContain('Nix build with the cache');
});
