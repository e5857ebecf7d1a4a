import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createRedactor } from '../../source/core/text/redact.ts';
import { createMonitor } from '../../source/monitor/monitor.ts';
import { type AtticServer, startAttic } from '../../source/sandbox/attic/start.ts';
import { createGate } from '../../source/services/gate.ts';
import type { Workspace } from '../../source/services/workspace.ts';
import { applyPlan } from '../../source/tasks/engine/apply.ts';
import { openAtticWorld, regenerate, task } from '../tasks/atticPublicKey/world.ts';
import { rich } from './snapshots.ts';
import { show } from './terminal.ts';
import { fakeWorkspace } from './world.ts';

const esc = '\u001B';

let attic: AtticServer;
beforeAll(async () => {
  attic = await startAttic();
});
afterAll(() => attic.stop());

async function open(columns = 150, rows = 80, redactor = createRedactor()) {
  const world = openAtticWorld({ url: attic.url, token: attic.token });
  const { journal, activity, now } = world.workspace;
  const { redact } = redactor;
  const gate = createGate({ journal, activity, redact, now, readOnly: false, run: 'test' });
  const workspace = { ...world.workspace, redact, gate };
  const monitor = createMonitor({ workspace });
  await monitor.refresh();
  const options = { hide: redactor.add };
  const shown = await show(monitor.snapshot(), { columns, rows, monitor, workspace, options });
  onTestFinished(() => monitor.stop());
  const files = () => ['flake.nix', '.gitlab/ci/nix.yml'].map(world.read);
  return { ...shown, world: { ...world, workspace }, files };
}

test('from t to done, undone and back, with every step asked for and shown', async () => {
  const { type, until, frame, world, files } = await open();
  const before = files();
  await type('t');
  await type('/attic-public\r\r');
  await until('Ask the server (cache-config)');
  await until('the cache is public');
  expect(frame()).toContain('Ed25519 key of its own');
  await type('i');
  await until('Which setting?');
  await type('\r');
  await type(`${attic.storePaths.at(-1)}\r`);
  await until('A store path in the cache');
  await type('\r');
  await until('changes 2 files, waits 1 time');
  expect(frame()).toContain('is signed by it');
  expect(frame()).toContain(`+      "${attic.publicKey()}"`);
  expect(files()).toEqual(before);

  await type('A');
  await until('yes arms them for ten minutes');
  await type(esc);
  await until('applies it, after a question');
  expect(files()).toEqual(before);
  expect((await world.workspace.journal.read()).entries).toEqual([]);
  expect(world.workspace.gate.armed().state).toBe('read-only');

  await type('Ay');
  await until('✔ done');
  await until('Seen afterwards');
  expect(frame()).toContain('wrote flake.nix');
  expect(world.read('flake.nix')).toContain(attic.publicKey());

  await type('U');
  await until('Take back the run of');
  await type('y');
  await until('taken back: everything is as it was');
  await until('Seen afterwards');
  expect(files()).toEqual(before);
  await type(esc);
  await until('1 Plan');
});

test('a secret is asked for when the plan is applied, and is drawn, journaled and kept nowhere', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-init-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'scripts'));
  const script = `echo "given $ATTIC_TOKEN" >&2; echo "Public key: ${attic.publicKey()}"\n`;
  writeFileSync(join(folder, 'scripts/init-cache.sh'), script);
  const secret = 'swordfish-0123456789';
  const hide = createRedactor();
  const { type, until, frame, written, world } = await open(150, 80, hide);
  await type('t');
  await type('/attic-public\r\r');
  await until('the cache is public');
  await type('ji\r');
  await type(`${folder}\r`);
  await until(folder);
  await type('p');
  await until('runs 1 command here');
  expect(frame()).toContain('ATTIC_TOKEN=[the secret ATTIC_TOKEN]');
  await type('Ay');
  await until('A secret is needed');
  await type(secret);
  await until('> ************');
  await type('\r');
  await until('given [MASKED]');
  await until('✔ done');
  const { entries } = await world.workspace.journal.read();
  expect(entries.map(({ state }) => state)).toContain('done');
  const kept = readdirSync(world.state, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  expect(kept.length).toBeGreaterThan(1);
  expect(written() + JSON.stringify(entries) + kept.join('')).not.toContain(secret);
});

test('a way that is not possible is not taken, and says why; Esc leaves nothing behind', async () => {
  const { type, until, files, world } = await open();
  const before = files();
  await type('t');
  await type('/attic-public\r\r');
  await until('the cache is public');
  await type('jjjj\r');
  await until('it is not possible: the cache signs with');
  await type('kp');
  await until('no key was given');
  await type(esc);
  await until('1 Plan');
  expect(files()).toEqual(before);
  expect((await world.workspace.journal.read()).entries).toEqual([]);
});

test('a run that was interrupted is offered, and goes on where it was', async () => {
  const { type, until, world, files } = await open();
  const run = applyPlan(await world.planned(), {
    workspace: armed(world.workspace),
    probes: task.probes ?? {},
  });
  for (let next = await run.next(); !next.done; next = await run.next())
    if (next.value.step === 'edit-flake-nix' && next.value.state === 'done') await run.return({} as never);
  const [flake, ci] = files();
  expect(flake).toContain(attic.publicKey());
  expect(ci).not.toContain(attic.publicKey());
  await type('t');
  await type('/attic-public\r\r');
  await until('a run of it was interrupted: C goes on, U takes it back');
  await type('C');
  await until('Go on with the run of');
  await type('y');
  await until('✔ done');
  await until('Seen afterwards');
  expect(files()[1]).toContain(attic.publicKey());
  await type('b');
  await until('Ways');
  await type('r');
  await until('Seen afterwards');
});

test('a key made anew after planning stops the run, and nothing is left to take back', async () => {
  const { type, until, files } = await open();
  const before = files();
  await type('t');
  await type('/attic-public\r\r');
  await until('the cache is public');
  await type('p');
  await until('changes 2 files');
  await regenerate(attic.url, attic.rootToken);
  await type('\r');
  await until('yes arms them');
  await type('y');
  await until('failed; nothing was changed');
  await until('plan is stale');
  expect(files()).toEqual(before);
  await type('b');
  await until('Ways');
  await type('U');
  await until('there is no run of it to undo');
});

function armed(workspace: Workspace): Workspace {
  workspace.gate.arm();
  return workspace;
}

test.each([
  [80, 24],
  [160, 45],
])('the task at %i columns and %i rows', async (columns, rows) => {
  const { type, frame, settle } = await show(rich(), { columns, rows });
  await type('t');
  await type('/attic-public\r\r');
  await settle();
  await expect(`${frame()}\n`).toMatchFileSnapshot(`frames/task-${columns}x${rows}.txt`);
});

test('read-only cannot be armed, and a finding leads to its task', async () => {
  const { type, frame } = await show(rich(), { workspace: fakeWorkspace({ readOnly: true }), rows: 40 });
  await type('!f');
  expect(frame()).toContain('Trust the Attic cache’s key');
  await type('U');
  expect(frame()).toContain('started with --read-only');
});
