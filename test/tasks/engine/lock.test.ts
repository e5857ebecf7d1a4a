import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { applyPlan } from '../../../source/tasks/engine/apply.ts';
import { lockHere, lockKeys } from '../../../source/tasks/engine/lock.ts';
import { runToUndo } from '../../../source/tasks/engine/runs.ts';
import { commandStep, waitStep } from '../../../source/tasks/engine/steps.ts';
import { undoRun } from '../../../source/tasks/engine/undo.ts';
import { engineWorld, finish, planOf, put } from './world.ts';

const theirs = JSON.stringify({
  host: 'elsewhere',
  boot: 'b',
  pid: 1,
  started: 's',
  task: 'bazel-remote',
  at: 'yesterday',
});

function open(files: Readonly<Record<string, string>>) {
  const world = engineWorld(files);
  onTestFinished(() => world.remove());
  const folder = join(world.state, 'locks');
  const locks = (): string[] => readdirSync(folder).map((name) => join(folder, name));
  return {
    ...world,
    read: (path: string): string => readFileSync(join(world.root, path), 'utf8'),
    locks,
    /** Somebody else breaks every lock and takes it. */
    breakAll: (): void => {
      for (const path of locks()) writeFileSync(path, theirs);
    },
  };
}

test('a lock is taken over from a dead owner only, never from one that left no name, unless the user says so', async () => {
  const { workspace, locks } = open({});
  const options = { workspace, run: 'r', task: 'cache-lifetimes' };
  const held = await lockHere('this machine', options);
  await held.check();
  for (const text of ['', 'half a nam', '{"host":"elsewhere"}', theirs]) {
    for (const path of locks()) writeFileSync(path, text);
    await expect(lockHere('this machine', options)).rejects.toMatchObject({ code: 'locked' });
    await expect(held.check()).rejects.toMatchObject({ code: 'lock-lost' });
  }
  const mine = await lockHere('this machine', { ...options, isBroken: true });
  await mine.check();
  await held.release();
  await mine.check();
  await mine.release();
  expect(locks()).toEqual([]);
});

test('a plan that gets only some of its locks gives them back', async () => {
  const { root, workspace, read, locks, breakAll } = open({ a: 'a' });
  await lockHere('this machine', { workspace, run: 'r', task: 'cache-lifetimes' });
  breakAll();
  const here = commandStep({
    id: 'x',
    title: 'Run',
    effect: 'local',
    target: 'x',
    command: { where: 'here', argv: ['true'] },
  });
  const run = applyPlan(planOf([await put(root, 'a', 'A'), here]), { workspace });
  await expect(finish(run)).rejects.toMatchObject({ code: 'locked', tried: 'lock this machine' });
  expect(read('a')).toBe('a');
  expect(locks().map((path) => readFileSync(path, 'utf8'))).toEqual([theirs]);
});

test('a run whose lock was broken stops before its next effect, and leaves the other’s lock', async () => {
  const { root, workspace, read, locks, breakAll } = open({ a: 'a', b: 'b' });
  const run = applyPlan(planOf([await put(root, 'a', 'A'), await put(root, 'b', 'B')]), { workspace });
  for (let event = await run.next(); !event.done; event = await run.next())
    if (event.value.step === 'edit-a' && event.value.state === 'done') break;
  breakAll();
  expect(await finish(run)).toMatchObject({ outcome: 'failed', failure: { code: 'lock-lost' } });
  expect([read('a'), read('b')]).toEqual(['A', 'b']);
  expect(locks().map((path) => readFileSync(path, 'utf8'))).toEqual([theirs]);
});

test('an undo whose lock was broken stops before its next effect', async () => {
  const { root, workspace, read, breakAll } = open({ a: 'a', b: 'b' });
  const plan = planOf([await put(root, 'a', 'A'), await put(root, 'b', 'B')]);
  await finish(applyPlan(plan, { workspace }));
  const run = undoRun(runToUndo({ workspace }, 'cache-lifetimes'), { workspace });
  for (let event = await run.next(); !event.done; event = await run.next())
    if (event.value.step === 'edit-b' && event.value.state === 'done') break;
  breakAll();
  expect(await finish(run)).toMatchObject({ outcome: 'failed', failure: { code: 'lock-lost' } });
  expect([read('a'), read('b')]).toEqual(['A', 'b']);
});

test('plans share a lock when they change the same checkout, host, machine or project, and only then', () => {
  const edit = (root: string) =>
    ({ kind: 'edit-file', root, path: 'a', before: 'absent', text: '' }) as const;
  const command = (where: 'here' | 'honey', address?: string) =>
    commandStep({
      id: 'x',
      title: 'Run',
      effect: 'remote',
      target: 'x',
      command: { where, argv: ['true'], ...(address === undefined ? {} : { address }) },
    });
  const step = command('here');
  const keys = (...steps: Parameters<typeof planOf>[0]): string[] => lockKeys(planOf(steps));
  expect(keys({ ...step, action: edit('/one') }, { ...step, id: 'y', action: edit('/two') })).toEqual([
    'checkout /one',
    'checkout /two',
  ]);
  expect(keys(command('honey', 'ops@one:22'), { ...command('honey', 'ops@two:22'), id: 'y' })).toEqual([
    'host ops@one:22',
    'host ops@two:22',
  ]);
  expect(keys(command('here'), { ...command('honey'), id: 'y' })).toEqual(['host honey', 'this machine']);
  expect(keys(waitStep({ id: 'w', title: 'Wait', target: 'x', probe: 'p', timeout: 1 }))).toEqual([]);
});
