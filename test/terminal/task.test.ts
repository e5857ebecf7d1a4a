import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox } from '../../source/sandbox/start.ts';
import type { Sandbox } from '../../source/sandbox/types.ts';
import { allArguments, taskWorld, waitingScript } from './taskWorld.ts';

const task = 'attic-public-key';
const secret = 'swordfish-9876543210';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

test('in a terminal it shows the plan and asks; everything but a yes is no', async () => {
  const world = taskWorld(sandbox);
  const before = world.read('flake.nix');
  for (const answer of ['n\r', '\r', 'yeah\r', '\u0003']) {
    const asked = world.open(task, 'apply');
    await asked.until('Apply this plan? [y/N]', 20_000);
    expect(asked.screen()).toContain(`+      "${sandbox.addresses.attic.publicKey}"`);
    asked.type(answer);
    await asked.until('Nothing was done.');
    await asked.ended;
  }
  expect(world.read('flake.nix')).toBe(before);
  expect(world.kept()).not.toContain('"state":"intent"');
  const wanted = world.open(task, 'apply');
  await wanted.until('Apply this plan? [y/N]', 20_000);
  wanted.type('y\r');
  await wanted.until('attic-public-key: done');
  await wanted.ended;
  expect(world.read('flake.nix')).toContain(sandbox.addresses.attic.publicKey);
  const back = world.open(task, 'undo');
  await back.until('Take back the run of', 20_000);
  back.type('yes\r');
  await back.until('attic-public-key: taken back');
  await back.ended;
  expect(world.read('flake.nix')).toBe(before);
});

test('without a terminal nothing is done without --yes', async () => {
  const world = taskWorld(sandbox);
  const before = world.read('flake.nix');
  const refused = await world.run(task, 'apply');
  expect(refused).toMatchObject({ status: 2, said: expect.stringContaining('--yes') });
  for (const verb of ['resume', 'undo']) expect((await world.run(task, verb)).status).toBe(2);
  expect(world.read('flake.nix')).toBe(before);
  expect(await world.run(task, 'apply', '--yes')).toMatchObject({ status: 0 });
  expect(await world.run(task, 'apply', '--yes')).toMatchObject({
    status: 0,
    said: expect.stringContaining('nothing to do'),
  });
  expect(await world.run(task, 'undo', '--yes')).toMatchObject({ status: 0 });
  expect(world.read('flake.nix')).toBe(before);
});

test('a plan that was kept is applied byte for byte, and is stale when a file moved or when it was changed', async () => {
  const world = taskWorld(sandbox);
  const before = world.read('flake.nix');
  const file = join(world.folder, 'plan.json');
  expect(await world.run(task, 'plan', '--out', file)).toMatchObject({ status: 0 });
  const plan = JSON.parse(readFileSync(file, 'utf8'));
  const edit = plan.steps.find(({ id }: { id: string }) => id === 'edit-flake-nix');

  world.write('flake.nix', `${before}# mine\n`);
  const stale = await world.run(task, 'apply', '--plan', file, '--yes');
  expect(stale).toMatchObject({ status: 1, said: expect.stringContaining('plan is stale') });
  expect(world.read('flake.nix')).toBe(`${before}# mine\n`);

  world.write('flake.nix', before);
  const other = join(world.folder, 'other.json');
  writeFileSync(other, readFileSync(file, 'utf8').replace('"text":"', '"text":"evil '));
  expect((await world.run(task, 'apply', '--plan', other, '--yes')).status).toBe(2);
  expect(await world.run('bazel-remote', 'apply', '--plan', file, '--yes')).toMatchObject({
    status: 2,
    said: expect.stringContaining('it is a plan for attic-public-key'),
  });
  expect(world.read('flake.nix')).toBe(before);

  expect(await world.run(task, 'apply', '--plan', file, '--yes')).toMatchObject({ status: 0 });
  expect(world.read('flake.nix')).toBe(edit.action.text);
});

test('as a merge request: opened by one run of the program, found by the next, closed by the third', async () => {
  const world = taskWorld(sandbox);
  const before = world.read('flake.nix');
  const { url, project, token } = sandbox.addresses.gitlab;
  const requests = async (): Promise<string[]> => {
    const path = `${url}/api/v4/projects/${encodeURIComponent(project)}/merge_requests`;
    const answer = await fetch(`${path}?source_branch=huskycat-tui/${task}`, {
      headers: { 'private-token': token },
    });
    return ((await answer.json()) as { state: string }[]).map(({ state }) => state);
  };
  const opened = await world.run(task, 'apply', '--target', 'merge-request', '--yes');
  expect(opened).toMatchObject({ status: 0, said: expect.stringContaining('opened !') });
  expect(await requests()).toEqual(['opened']);
  const again = await world.run(task, 'apply', '--target', 'merge-request', '--yes');
  expect(again).toMatchObject({ status: 0, said: expect.stringContaining('nothing to do') });
  expect(await world.run(task, 'undo', '--yes')).toMatchObject({ status: 0 });
  expect(await requests()).toEqual(['closed']);
  expect(world.read('flake.nix')).toBe(before);
});

test('a secret from the environment that a command prints is not shown, as text and as JSON', async () => {
  const world = taskWorld(sandbox, { HUSKYCAT_SECRET_ATTIC_TOKEN: secret });
  const script = waitingScript(world.folder, sandbox.addresses.attic.publicKey);
  script.go();
  const args = [task, 'apply', '--option', 'init-cache', '--set', `path=${script.path}`, '--yes'];
  for (const more of [[], ['--json']]) {
    const ended = await world.run(...args, ...more);
    expect(ended).toMatchObject({ status: 0, said: expect.stringContaining('begun with [MASKED]') });
    expect(ended.said + world.kept()).not.toContain(secret);
    expect(await world.run(task, 'undo', '--yes')).toMatchObject({ status: 0 });
  }
});

test.skipIf(process.platform !== 'linux').each([
  ['Ctrl-C', 'resume'],
  ['Ctrl-C', 'undo'],
  ['SIGKILL', 'resume'],
  ['SIGKILL', 'undo'],
] as const)(
  '%s in the middle of a run, then %s; the secret is typed unseen and is nowhere',
  async (how, verb) => {
    const world = taskWorld(sandbox);
    const script = waitingScript(world.folder, sandbox.addresses.attic.publicKey);
    const seen: string[] = [];
    const answer = async (session: ReturnType<typeof world.open>, question: string): Promise<void> => {
      await session.until(question, 20_000);
      session.type('y\r');
      await session.until('the token for the Attic server (ATTIC_TOKEN):');
      session.type(`${secret}\r`);
    };
    const run = world.open(task, 'apply', '--option', 'init-cache', '--set', `path=${script.path}`);
    await answer(run, 'Apply this plan? [y/N]');
    await run.until('begun with [MASKED]');
    expect(allArguments()).not.toContain(secret);
    expect(allArguments()).toContain('scripts/init-cache.sh');
    if (how === 'Ctrl-C') {
      run.type('\u0003');
      await run.until('stopped on the way');
      await run.until('huskycat-tui task attic-public-key resume');
    } else process.kill(run.pid(), 'SIGKILL');
    await run.ended;
    seen.push(run.bytes());
    script.go();
    await expect.poll(allArguments, { timeout: 10_000 }).not.toContain('scripts/init-cache.sh');
    expect(script.hasKey()).toBe(true);
    const next = world.open(task, verb);
    await answer(next, verb === 'resume' ? 'Go on with the run of' : 'Take back the run of');
    await next.until(`attic-public-key: ${verb === 'resume' ? 'done' : 'taken back'}`, 20_000);
    await next.ended;
    seen.push(next.bytes());
    expect(script.hasKey()).toBe(verb === 'resume');
    expect(world.kept()).toContain('init-cache');
    expect(world.kept() + seen.join('')).not.toContain(secret);
    expect((await world.run(task, verb, '--yes')).status).toBe(2);
  },
);
