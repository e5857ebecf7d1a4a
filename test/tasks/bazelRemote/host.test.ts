import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { sealPlan } from '../../../source/core/plan/fingerprint.ts';
import { bazelrc } from '../../../source/sandbox/checkout/files/bazel.ts';
import { startHoney } from '../../../source/sandbox/honey/start.ts';
import { buildTwice } from '../../../source/tasks/bazelRemote/buildTwice.ts';
import { bazelRemoteWorld, planIn } from './world.ts';

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return String(typeof address === 'object' && address ? address.port : 0);
}

async function open() {
  const directory = mkdtempSync(join(tmpdir(), 'huskycat-honey-'));
  const honey = await startHoney({ directory });
  const { host, port, user, identityFile, knownHosts } = honey;
  const world = bazelRemoteWorld(host, { port, user, identityFile, knownHosts }, true);
  onTestFinished(async () => {
    world.remove();
    await honey.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  const ports = { 'http-port': await freePort(), 'grpc-port': await freePort() };
  const names = (): string[] => honey.machine.docker.containers().map(({ settings }) => settings.name);
  return { ...world, honey, ports, names, container: () => honey.machine.docker.find('bazel-remote') };
}

test('from nothing to proven, then nothing to do, then back byte for byte', async () => {
  const world = await open();
  const { ports, honey, names } = world;
  const before = names();
  const planned = await world.plan(ports);
  const plan = planIn(planned);
  expect(plan.steps.map(({ id }) => id)).toEqual([
    'pull-image',
    'make-folder',
    'run-container',
    'wait-until-ready',
    'edit-bazelrc',
  ]);
  expect(planned.preflight.filter(({ state }) => state === 'problem')).toEqual([]);
  const result = await world.apply(plan);
  expect(result.failure, JSON.stringify(result.failure)).toBeUndefined();
  expect(result.outcome).toBe('done');
  expect(world.container()).toMatchObject({ status: 'running', settings: { restart: 'unless-stopped' } });
  expect(honey.machine.files.exists('/home/bazel-cache/cas.v2')).toBe(true);
  expect(world.bazelrc()).toContain(
    `\nbuild:remote --remote_cache=grpc://100.77.196.50:${ports['grpc-port']}\n`,
  );
  expect(world.bazelrc()).toContain('\nbuild:remote --remote_timeout=60\n');
  expect(await world.verify()).toMatchObject({ rung: 'proven' });

  expect(planIn(await world.plan({})).steps).toEqual([]);
  expect(planIn(await world.plan(ports)).steps).toEqual([]);

  const undone = await world.undo();
  expect(undone.failure, JSON.stringify(undone.failure)).toBeUndefined();
  expect(undone.outcome).toBe('undone');
  expect(world.bazelrc()).toBe(bazelrc);
  expect(names()).toEqual(before);
  expect(honey.machine.docker.images.map(({ repository }) => repository)).toEqual(['gitlab/gitlab-runner']);
  expect(honey.machine.files.exists('/home/bazel-cache/cas.v2')).toBe(true);
});

test('a second build that takes its actions from the cache is the evidence', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-bazel-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = (second: string): void =>
    writeFileSync(
      join(folder, 'bazel'),
      `#!/bin/sh
echo "$@" >> ${folder}/calls
if [ "$1" = clean ]; then exit 0; fi
if [ -e ${folder}/built ]; then echo 'INFO: ${second}' >&2; else echo 'INFO: 3 processes: 1 internal, 2 linux-sandbox.' >&2; fi
touch ${folder}/built
`,
      { mode: 0o755 },
    );
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { workspace, root } = await open();
  const settings = { root, config: 'remote' };
  program('3 processes: 2 remote cache hit, 1 internal.');
  expect(await buildTwice(workspace, settings)).toEqual({
    isReady: true,
    saw: '2 of 2 actions of the second build came from the cache, 0 of the first',
  });
  expect(readFileSync(join(folder, 'calls'), 'utf8')).toBe(
    'clean\nbuild --config=remote --disk_cache= //...\n'.repeat(2),
  );
  program('1 process: 1 internal.');
  expect(await buildTwice(workspace, settings)).toMatchObject({
    saw: expect.stringContaining('nothing to cache'),
  });
});

test('without room, with a foreign container or an unknown setting nothing is planned', async () => {
  const world = await open();
  const { ports } = world;
  expect(await world.plan({ ...ports, data: '/data/bazel-cache' })).toMatchObject({
    refused: expect.stringMatching(/room for 50 GiB/),
    preflight: expect.arrayContaining([
      expect.objectContaining({
        id: 'free-space',
        fix: expect.stringContaining('--set data=/home/bazel-cache'),
      }),
    ]),
  });
  expect(await world.plan({ ...ports, sizes: '1' })).toMatchObject({
    refused: expect.stringContaining('no setting sizes'),
  });
  const odd = await world.plan({ ...ports, bind: '0.0.0.0' });
  expect(odd.preflight.find(({ id }) => id === 'address')).toMatchObject({ state: 'warning' });
  expect(world.names()).toHaveLength(1);
});

test('a container that was not made here is replaced only when asked, and comes back', async () => {
  const world = await open();
  const { machine } = world.honey;
  const image = machine.docker.images[0];
  if (!image) throw new Error('no image');
  const foreign = machine.docker.create(
    {
      name: 'bazel-remote',
      image: 'gitlab/gitlab-runner',
      args: [],
      env: [],
      labels: {},
      ports: [],
      mounts: [],
      restart: 'always',
      removes: false,
    },
    image,
  );
  await machine.docker.start(foreign);
  const { ports } = world;
  expect(await world.plan(ports)).toMatchObject({ refused: expect.stringContaining('not made here') });
  const plan = planIn(await world.plan({ ...ports, adopt: 'yes' }));
  const ids = plan.steps.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(['stop-previous', 'rename-previous', 'hold-previous']));
  expect(ids.at(-1)).toBe('remove-previous');
  const kept = { ...plan, steps: plan.steps.slice(0, -1) };
  const { fingerprint: _fingerprint, schema: _schema, ...rest } = kept;
  const result = await world.apply(sealPlan(rest));
  expect({ failure: result.failure, outcome: result.outcome }).toEqual({
    failure: undefined,
    outcome: 'done',
  });
  expect(world.names()).toContain('bazel-remote-prev');
  expect((await world.undo()).outcome).toBe('undone');
  expect(machine.docker.find('bazel-remote')).toMatchObject({
    id: foreign.id,
    status: 'running',
    settings: { restart: 'always' },
  });
});
