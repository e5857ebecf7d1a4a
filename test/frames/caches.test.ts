import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createMonitor } from '../../source/monitor/monitor.ts';
import { startHoney } from '../../source/sandbox/honey/start.ts';
import { bazelRemoteWorld, planIn } from '../tasks/bazelRemote/world.ts';
import { rich } from './snapshots.ts';
import { show } from './terminal.ts';
import { fakeWorkspace } from './world.ts';

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return String(typeof address === 'object' && address ? address.port : 0);
}

/** The zoomed pane Caches over a honey on which the cache was deployed. */
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
  const deployed = await world.apply(planIn(await world.plan(ports)));
  expect(deployed.outcome, JSON.stringify(deployed.failure)).toBe('done');
  world.workspace.gate.disarm();
  const monitor = createMonitor({ workspace: world.workspace });
  onTestFinished(() => monitor.stop());
  await monitor.refresh();
  const shown = await show(monitor.snapshot(), {
    columns: 150,
    rows: 50,
    monitor,
    workspace: world.workspace,
  });
  await shown.type('2+');
  await shown.type('/bazel-remote\r');
  return { ...shown, world, container: () => honey.machine.docker.find('bazel-remote') };
}

test('the log of the container is followed, and its text steers nothing', async () => {
  const { type, until, frame, written, container } = await open();
  await type('l');
  await until('Log bazel-remote docker');
  await until('Starting HTTP server');
  container()?.logs.push({
    at: Date.now(),
    stream: 'stdout',
    text: 'GET \u001B]0;owned\u0007\u001B[2J200 /cas/hello \u202Eevil',
  });
  await until('/cas/hello');
  expect(frame()).toContain('grows');
  expect(written()).not.toContain('\u001B]0;owned');
  expect(written()).not.toContain('\u202E');
  await type('/hello\r');
  await until('1/1');
  await type('\u001B');
  await type('\u001B');
  await until('2 Caches');
});

test('locked, nothing is begun; armed, a restart goes from its key to its end', async () => {
  const { type, until, container, world } = await open();
  const before = container()?.startedAt;
  await type('T');
  await until('Restart: read-only: press a to arm writes');
  world.workspace.gate.arm();
  await type('T');
  await until('Restart bazel-remote');
  await until('runs 1 command on honey');
  expect(container()?.startedAt).toBe(before);
  await type('A');
  await until('Apply: runs 1 command on honey');
  await type('y');
  await until('✔ done', 20_000);
  expect(container()?.startedAt).not.toBe(before);
});

test('a size is asked for; data go only when they are chosen and their folder is typed, and the name after that', async () => {
  const { type, until, container, world } = await open();
  world.workspace.gate.arm();
  await type('Z');
  await until('The most that it may hold');
  await type('20\r');
  await until('size 50 → 20');
  await type('\u001B');
  await until('2 Caches');

  await type('D');
  await until('What becomes of the data');
  await type('j\r');
  await until('Type the folder or volume');
  await type('/home\r');
  await until('would be gone for good');
  await type('\u001B');
  await until('2 Caches');
  await type('Dj\r');
  await until('Type the folder or volume');
  await type('/home/bazel-cache\r');
  await until('data in /home/bazel-cache: they are removed, and do not come back');
  await type('G');
  await until('cannot be undone');
  await type('A');
  await until('This cannot be undone. Type');
  await type('y\r');
  await until('applies it, after a question');
  expect(container()?.status).toBe('running');
  await type('A');
  await until('This cannot be undone. Type');
  await type('bazel-remote\r');
  await until('✔ done', 20_000);
  expect(container()).toBeUndefined();
});

test('without a host, on another row, and with a container of somebody else’s the keys say why not', async () => {
  const { type, until, workspace } = await show(rich(), { columns: 120, rows: 40 });
  workspace.gate.arm();
  await type('2+');
  await type('T');
  await until('Restart: select bazel-remote first');
  await type('/bazel-remote\r');
  await type('T');
  await until('Restart: not configured in this test');
  await type('l');
  await until('Log: not configured in this test');

  const container = {
    engine: 'docker' as const,
    name: 'cache',
    image: 'buchgr/bazel-remote-cache',
    state: 'running',
    status: 'Up',
    ports: '',
  };
  const { honey } = rich();
  const value = { ...honey.value, containers: { value: [container] } } as NonNullable<typeof honey.value>;
  const foreign = await show(
    { ...rich(), honey: { state: 'fresh', value } },
    {
      columns: 120,
      rows: 40,
      workspace: { ...fakeWorkspace(), honey: { service: {} as never } },
    },
  );
  await foreign.type('2+');
  await foreign.type('/bazel-remote\r');
  await foreign.type('D');
  await foreign.until('the container cache was not made here, so it is left as it is');
});
