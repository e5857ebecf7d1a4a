import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startHoney } from '../../../source/sandbox/honey/start.ts';
import { dayTwoOptions } from '../../../source/tasks/bazelRemote/dayTwo/options.ts';
import { bazelRemoteWorld, planIn } from './world.ts';

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return String(typeof address === 'object' && address ? address.port : 0);
}

/** A honey on which the cache was deployed. */
async function open(more: Readonly<Record<string, string>> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'huskycat-honey-'));
  const honey = await startHoney({ directory });
  const { host, port, user, identityFile, knownHosts } = honey;
  const world = bazelRemoteWorld(host, { port, user, identityFile, knownHosts }, true);
  onTestFinished(async () => {
    world.remove();
    await honey.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  const settings = { 'http-port': await freePort(), 'grpc-port': await freePort(), ...more };
  const deployed = await world.apply(planIn(await world.plan(settings)));
  expect(deployed.outcome, JSON.stringify(deployed.failure)).toBe('done');
  const container = () => honey.machine.docker.find('bazel-remote');
  const run = async (option: string, given: Readonly<Record<string, string>> = {}) => {
    const plan = planIn(await world.plan(given, option));
    const result = await world.apply(plan);
    expect(result.failure, JSON.stringify(result.failure)).toBeUndefined();
    return { plan, outcome: result.outcome };
  };
  return { ...world, honey, container, run };
}

test('a restart starts it anew, waits until it works, and is nothing when it is applied again', async () => {
  const world = await open();
  const before = world.container()?.startedAt;
  const plan = planIn(await world.plan({}, 'restart'));
  expect(plan).toMatchObject({ option: 'restart', secrets: [] });
  expect(plan.steps.map(({ id }) => id)).toEqual(['restart-container', 'wait-until-ready']);
  expect(await world.apply(plan)).toMatchObject({ outcome: 'done' });
  expect(world.container()?.startedAt).not.toBe(before);
  expect(await world.verify()).toMatchObject({ rung: 'proven' });
  expect(await world.apply(plan)).toMatchObject({ outcome: 'nothing' });
  expect(await world.undo()).toMatchObject({ outcome: 'undone' });
  expect(world.container()?.status).toBe('running');
});

test('another size and another image replace the container alone: data, ports and .bazelrc stay', async () => {
  const world = await open();
  const { settings } = world.container() ?? {};
  const bazelrc = world.bazelrc();
  expect(await world.plan({}, 'resize')).toMatchObject({ refused: 'no size was given; it has 50 GiB' });
  const smaller = await world.plan({ size: '20' }, 'resize');
  expect(smaller.preflight.find(({ id }) => id === 'smaller')).toMatchObject({ state: 'warning' });
  expect(planIn(smaller).steps.map(({ id }) => id)).toEqual([
    'stop-previous',
    'rename-previous',
    'hold-previous',
    'run-container',
    'wait-until-ready',
    'remove-previous',
  ]);
  await world.run('resize', { size: '20' });
  expect(world.container()?.settings.env).toContain('BAZEL_REMOTE_MAX_SIZE=20');
  expect(planIn(await world.plan({ size: '20' }, 'resize')).steps).toEqual([]);
  expect(planIn(await world.plan({}, 'upgrade')).steps).toEqual([]);

  const image = 'docker.io/buchgr/bazel-remote-cache:v2.6.1';
  const older = await world.plan({ image }, 'upgrade');
  expect(older.preflight.find(({ id }) => id === 'older')).toMatchObject({ state: 'warning' });
  expect(older.preflight.find(({ id }) => id === 'way-back')?.saw).toContain('--option upgrade --set image=');
  await world.run('upgrade', { image });
  await world.run('upgrade');
  const after = world.container()?.settings;
  expect(after?.image).toContain(':v2.6.2');
  expect(after?.env).toContain('BAZEL_REMOTE_MAX_SIZE=20');
  expect([after?.ports, after?.mounts]).toEqual([settings?.ports, settings?.mounts]);
  expect(world.bazelrc()).toBe(bazelrc);
  expect(await world.verify()).toMatchObject({ rung: 'proven' });
});

test('removed, its data stay and undo brings it back; data go only when their name is typed', async () => {
  const world = await open();
  const { honey } = world;
  const folder = '/home/bazel-cache';
  const before = world.container()?.settings;
  const { plan } = await world.run('remove');
  expect(plan.steps.map(({ id, effect }) => `${id} ${effect}`)).toEqual([
    'stop-container remote',
    'remove-container destructive',
  ]);
  expect(world.container()).toBeUndefined();
  expect(honey.machine.files.exists(`${folder}/cas.v2`)).toBe(true);
  expect(await world.plan({}, 'remove')).toMatchObject({
    refused: expect.stringContaining('there is no container bazel-remote'),
  });
  expect(await world.undo()).toMatchObject({ outcome: 'undone' });
  expect(world.container()).toMatchObject({ status: 'running', settings: { ...before, isDetached: false } });
  expect(await world.verify()).toMatchObject({ rung: 'proven' });

  expect(await world.plan({ data: 'remove' }, 'remove')).toMatchObject({
    refused: expect.stringContaining('gone for good'),
  });
  expect(await world.plan({ data: 'remove', 'confirm-data': '/' }, 'remove')).toHaveProperty('refused');
  const whole = await world.run('remove', { data: 'remove', 'confirm-data': folder });
  expect(whole.plan.steps.at(-1)).toMatchObject({ id: 'remove-data', undo: 'irreversible' });
  expect(honey.machine.files.exists(`${folder}/cas.v2`)).toBe(false);
  await expect(world.undo()).rejects.toMatchObject({ code: 'cannot-undo' });
});

test('a container that was not made here, none at all, and odd settings are left alone', async () => {
  const world = await open();
  expect(await world.plan({ name: 'gitlab-runner' }, 'remove')).toMatchObject({
    refused: expect.stringMatching(/was not made here|there is no container/),
  });
  expect(await world.plan({ name: '-x' }, 'restart')).toHaveProperty('refused');
  expect(await world.plan({ image: 'x' }, 'restart')).toMatchObject({
    refused: 'there is no setting image',
  });
  expect(await world.plan({ size: '$(id)' }, 'resize')).toHaveProperty('refused');
  expect(world.container()?.status).toBe('running');
  const state = await world.host.look({ paths: [] });
  const known = { honey: { state: 'fresh', value: state } } as unknown as Parameters<typeof dayTwoOptions>[0];
  expect(dayTwoOptions(known).map(({ possible }) => possible)).toEqual([true, true, true, true]);
  const none = { ...state, containers: { value: [] } };
  const without = { honey: { state: 'fresh', value: none } } as unknown as typeof known;
  expect(dayTwoOptions(without)[0]).toMatchObject({
    possible: false,
    because: 'no container that was made here is on honey',
  });
});
