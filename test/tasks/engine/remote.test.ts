import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSession, type Session } from '../../../source/compose/session.ts';
import { Unavailable } from '../../../source/core/failure.ts';
import type { GitLab } from '../../../source/services/gitlab/types.ts';
import type { Shell } from '../../../source/services/ssh/types.ts';
import { applyPlan } from '../../../source/tasks/engine/apply.ts';
import { hostLock, lockHost } from '../../../source/tasks/engine/lockHost.ts';
import { goOn, runToResume, runToUndo } from '../../../source/tasks/engine/runs.ts';
import { changeSteps, commandStep, waitStep } from '../../../source/tasks/engine/steps.ts';
import { undoRun } from '../../../source/tasks/engine/undo.ts';
import { finish, planOf } from './world.ts';

let session: Session;
let gitlab: GitLab;
let shell: Shell;

beforeAll(async () => {
  session = await openSession({ flags: { sandbox: true }, version: 'test', isSandboxWelcome: true });
  const { workspace } = session;
  if ('off' in workspace.gitlab || 'off' in workspace.honey) throw new Error('the sandbox is not whole');
  gitlab = workspace.gitlab.service;
  shell = await workspace.honey.service.shell();
  workspace.gate.arm();
});
afterAll(() => session.close());

const addVariable = (before: string | undefined): string => `${before ?? ''}\n# proposed\n`;

async function propose(path = '.gitlab-ci.yml', change = addVariable) {
  const { workspace } = session;
  const choice = { target: 'merge-request', settings: {} } as const;
  const steps = await changeSteps({
    planning: { workspace, choice },
    task: 'cache-lifetimes',
    changes: [{ path, title: `Change ${path}`, change }],
    title: 'Keep tools longer',
    description: 'They are fetched every day.',
  });
  return planOf(steps, { target: 'merge-request' });
}

const undo = () => finish(undoRun(runToUndo(session, 'cache-lifetimes'), { workspace: session.workspace }));

test('a change is proposed as one commit on a branch and a merge request, once, and taken back', async () => {
  const { workspace } = session;
  const source = 'huskycat-tui/cache-lifetimes';
  const find = async () => (await gitlab.mergeRequests({ source, target: 'main' })).map(({ state }) => state);
  const plan = await propose();
  expect(await gitlab.branch(source)).toBeUndefined();
  expect(plan.steps.map(({ id }) => id)).toEqual(['commit', 'open-merge-request']);
  expect(JSON.stringify(plan.steps[0]?.preview)).toContain('+# proposed');
  expect(await finish(applyPlan(plan, { workspace }))).toMatchObject({ outcome: 'done' });
  expect(await find()).toEqual(['opened']);
  const { text } = await gitlab.file('.gitlab-ci.yml', source);
  expect(text.endsWith('\n# proposed\n')).toBe(true);
  const [tip, main] = [await gitlab.branch(source), await gitlab.branch('main')];
  expect(tip?.parents).toEqual([main?.sha]);

  expect(await finish(applyPlan(plan, { workspace }))).toMatchObject({ outcome: 'nothing' });
  expect(await finish(applyPlan(await propose(), { workspace }))).toMatchObject({ outcome: 'nothing' });
  const other = await propose('.gitlab-ci.yml', (before) => `${before ?? ''}# other\n`);
  expect(other.steps[0]?.target).toContain(`${source}-2`);

  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(await find()).toEqual(['closed']);
  expect(await gitlab.branch(source)).toBeUndefined();
});

test('a configuration that GitLab would refuse is not proposed', async () => {
  await expect(propose('.gitlab-ci.yml', () => 'job: [\n')).rejects.toMatchObject({ code: 'lint' });
});

const file = '/tmp/huskycat-probe';
const script = 'cat > "$1"';

function probeStep(before?: string) {
  return commandStep({
    id: 'write-probe',
    title: 'Write a file',
    effect: 'remote',
    target: `${shell.address}:${file}`,
    command: {
      where: 'honey',
      address: shell.address,
      argv: ['sh', '-c', script, 'sh', file],
      input: { text: 'it\'s $(not) run; "q"\n' },
      unless: ['sh', '-c', 'test -e "$1"', 'sh', file],
      undo: [{ argv: ['rm', '-f', file] }],
    },
    ...(before === undefined ? {} : { before }),
  });
}

test('a command runs on honey once, under a lock that is gone afterwards, and is taken back', async () => {
  const { workspace } = session;
  let looks = 0;
  const plan = planOf([
    probeStep(),
    waitStep({ id: 'wait', title: 'Wait', target: 'honey', probe: 'third-look', timeout: 10 }),
  ]);
  const probes = {
    'third-look': async () => {
      looks += 1;
      const lock = await shell.read(['cat', `${hostLock}/owner`]);
      return { isReady: looks === 2, saw: `look ${looks}: ${lock.stdout}` };
    },
  };
  const done = await finish(applyPlan(plan, { workspace, probes }));
  expect(done.outcome).toBe('done');
  expect(done.events.at(-1)).toMatchObject({ saw: expect.stringContaining(`"pid":${process.pid}`) });
  expect((await shell.read(['cat', file])).stdout).toBe('it\'s $(not) run; "q"\n');
  expect((await shell.read(['test', '-e', hostLock])).code).toBe(1);
  const before = readFileSync(workspace.journal.path, 'utf8');
  expect(await finish(applyPlan(planOf([probeStep()]), { workspace }))).toMatchObject({ outcome: 'nothing' });
  expect(readFileSync(workspace.journal.path, 'utf8')).toBe(before);
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect((await shell.read(['test', '-e', file])).code).toBe(1);
});

test('a command that fails cleans up after itself, and leaves nothing to resume', async () => {
  const { workspace } = session;
  const step = commandStep({
    id: 'fail',
    title: 'Fail half way',
    effect: 'remote',
    target: shell.address,
    command: {
      where: 'honey',
      argv: ['sh', '-c', 'echo half > "$1"; echo broken >&2; exit 3', 'sh', file],
      unless: ['test', '-e', `${file}.done`],
      cleanup: [{ argv: ['rm', file] }],
    },
  });
  expect(await finish(applyPlan(planOf([step]), { workspace }))).toMatchObject({
    outcome: 'unchanged',
    failure: { code: 'command-failed', saw: 'exit status 3: broken' },
  });
  expect((await shell.read(['test', '-e', file])).code).toBe(1);
});

test('a command whose connection was lost may still come to its end: its run is resumed, not over', async () => {
  const { workspace } = session;
  const change: Shell['change'] = (grant, argv, options) =>
    argv.includes(script)
      ? Promise.reject(new Unavailable({ tried: 'run', saw: 'it was lost', next: ['Wait.'], code: 'reset' }))
      : shell.change(grant, argv, options);
  if ('off' in workspace.honey) throw new Error('no honey');
  const flaky = { ...workspace.honey.service, shell: () => Promise.resolve({ ...shell, change }) };
  const run = applyPlan(planOf([probeStep()]), { workspace: { ...workspace, honey: { service: flaky } } });
  expect(await finish(run)).toMatchObject({ outcome: 'failed', failure: { code: 'reset' } });
  const resumed = goOn(runToResume(session, 'cache-lifetimes'), { workspace });
  expect(await finish(resumed)).toMatchObject({ outcome: 'done' });
  expect(await undo()).toMatchObject({ outcome: 'undone' });
});

test('a host that somebody else holds is not touched, unless the user breaks the lock', async () => {
  const { workspace } = session;
  const owner = { host: 'elsewhere', boot: 'b', pid: 1, started: 's', task: 'bazel-remote', at: 'yesterday' };
  await workspace.gate.perform({
    title: 'Lock as somebody else',
    effect: 'remote',
    target: hostLock,
    detail: '',
    undo: 'irreversible',
    perform: (grant) =>
      shell.change(grant, ['sh', '-c', 'mkdir "$1" && cat > "$1/owner"', 'sh', hostLock], {
        input: JSON.stringify(owner),
      }),
  });
  await expect(finish(applyPlan(planOf([probeStep()]), { workspace }))).rejects.toMatchObject({
    code: 'locked',
    saw: expect.stringContaining('process 1 on elsewhere, since yesterday'),
  });
  const broken = applyPlan(planOf([probeStep()]), { workspace, isLockBroken: true });
  expect(await finish(broken)).toMatchObject({ outcome: 'done' });
  expect(await undo()).toMatchObject({ outcome: 'undone' });
});

test('who takes the host in the moment in which its lock is broken keeps it', async () => {
  const { workspace } = session;
  const owner = JSON.stringify({
    host: 'h',
    boot: 'b',
    pid: 1,
    started: 's',
    task: 'bazel-remote',
    at: 'now',
  });
  const take = ['sh', '-c', 'mkdir "$1" && cat > "$1/owner"', 'sh', hostLock] as const;
  const change: Shell['change'] = async (grant, argv, options) => {
    const done = await shell.change(grant, argv, options);
    if (argv.some((word) => word.includes('rm -r "$1"'))) await shell.change(grant, take, { input: owner });
    return done;
  };
  const options = { workspace, run: 'r', task: 'cache-lifetimes', isBroken: true };
  const held = await lockHost(shell, options);
  await held.check();
  await expect(lockHost({ ...shell, change }, options)).rejects.toMatchObject({
    code: 'locked',
    saw: expect.stringContaining('process 1 on h, since now'),
  });
  await expect(held.check()).rejects.toMatchObject({ code: 'lock-lost' });
  await held.release();
  expect((await shell.read(['cat', `${hostLock}/owner`])).stdout).toBe(owner);
  await (await lockHost(shell, options)).release();
});

test('a plan for another host, project or checkout is refused', async () => {
  const { workspace } = session;
  const { action, ...step } = probeStep();
  if (action.kind !== 'command') throw new Error('no command');
  const elsewhere = { ...step, action: { ...action, address: 'root@elsewhere:22' } };
  await expect(finish(applyPlan(planOf([elsewhere]), { workspace }))).rejects.toMatchObject({
    code: 'other-host',
  });
  const moved = { kind: 'edit-file', root: '/elsewhere', path: 'a', before: 'absent', text: 'x' } as const;
  const edit = { ...step, id: 'edit', action: moved, preview: { diff: '' } };
  await expect(finish(applyPlan(planOf([edit]), { workspace }))).rejects.toMatchObject({
    code: 'other-checkout',
  });
});

test('a lock that could not be given back, when the host was away, is taken over by the next run of this process', async () => {
  const { workspace } = session;
  const change: Shell['change'] = (grant, argv, options) =>
    argv.some((word) => word.includes('rm -r "$1"'))
      ? Promise.reject(new Error('the host is away'))
      : shell.change(grant, argv, options);
  if ('off' in workspace.honey) throw new Error('no honey');
  const away = { ...workspace.honey.service, shell: () => Promise.resolve({ ...shell, change }) };
  const cut = { ...workspace, honey: { service: away } };
  expect(await finish(applyPlan(planOf([probeStep()]), { workspace: cut }))).toMatchObject({
    outcome: 'done',
  });
  expect((await shell.read(['test', '-d', hostLock])).code).toBe(0);
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect((await shell.read(['test', '-d', hostLock])).code).toBe(1);
});

test('a plan of looks alone is carried out each time', async () => {
  const { workspace } = session;
  let looks = 0;
  const look = async () => {
    looks += 1;
    return { isReady: true, saw: 'ready' };
  };
  const plan = planOf([waitStep({ id: 'wait', title: 'Wait', target: 'x', probe: 'look', timeout: 1 })]);
  for (const _ of [1, 2])
    expect(await finish(applyPlan(plan, { workspace, probes: { look } }))).toMatchObject({ outcome: 'done' });
  expect(looks).toBe(2);
});

test('a lock whose maker was cut off before he named himself is waited for, and then taken', async () => {
  const { workspace } = session;
  await workspace.gate.perform({
    title: 'Lock by half',
    effect: 'remote',
    target: hostLock,
    detail: '',
    undo: 'irreversible',
    perform: (grant) => shell.change(grant, ['mkdir', hostLock]),
  });
  expect(await finish(applyPlan(planOf([probeStep()]), { workspace }))).toMatchObject({ outcome: 'done' });
  expect(await undo()).toMatchObject({ outcome: 'undone' });
});
