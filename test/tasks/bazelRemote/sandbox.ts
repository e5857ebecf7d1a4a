import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { superuser } from '../../../source/sandbox/honey/fileSystem.ts';
import type { Machine } from '../../../source/sandbox/honey/shell/context.ts';
import { startHoney } from '../../../source/sandbox/honey/start.ts';
import { bazelRemoteWorld, planIn } from './world.ts';

export async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return String(typeof address === 'object' && address ? address.port : 0);
}

/** What is given when a plan asks for a secret: of the shape of a key of S3. */
const keyOfExample = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCY=';

/** The sandbox's honey, a checkout, and two free ports. */
export async function openSandbox({ hasPodman = false, secret = keyOfExample } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'huskycat-honey-'));
  const honey = await startHoney({ directory, hasPodman });
  const { host, port, user, identityFile, knownHosts, machine } = honey;
  const world = bazelRemoteWorld(host, { port, user, identityFile, knownHosts }, true, secret);
  onTestFinished(async () => {
    world.remove();
    await honey.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  const ports = { 'http-port': await freePort(), 'grpc-port': await freePort() };
  const { files } = machine;
  return {
    ...world,
    honey,
    machine,
    ports,
    /** Text of a file of honey; undefined when it is not there. */
    file: (path: string) => (files.exists(path) ? files.read(path, superuser).toString('utf8') : undefined),
    mode: (path: string) => files.find(path, superuser).mode.toString(8),
    chmod: (path: string, mode: number) => Object.assign(files.find(path, superuser), { mode }),
    write: (path: string, text: string) => files.write(path, Buffer.from(text), superuser),
    folder: (path: string) => {
      const parts = path.split('/').filter(Boolean);
      for (const index of parts.keys()) {
        const one = `/${parts.slice(0, index + 1).join('/')}`;
        if (!files.exists(one)) files.makeDirectory(one, superuser);
      }
    },
    names: () => machine.docker.containers().map(({ settings }) => settings.name),
    container: () => machine.docker.find('bazel-remote'),
    /** Every file of honey that is no data of the cache, with its bytes, mode and owner. */
    snapshot: () => listing(machine),
  };
}

export type Sandbox = Awaited<ReturnType<typeof openSandbox>>;

function listing({ files }: Machine): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (path: string): void => {
    const node = files.find(path === '' ? '/' : path, superuser);
    if (path.startsWith('/proc') || path.endsWith('/bazel-cache')) return;
    const owned = `${node.uid}:${node.gid} ${node.mode.toString(8)}`;
    if (node.kind === 'file') found[path] = `${owned} ${files.read(path, superuser).toString('base64')}`;
    else for (const name of node.entries.keys()) walk(`${path}/${name}`);
  };
  walk('');
  return found;
}

/** Applies a plan to the end. */
export async function applied(world: Pick<Sandbox, 'apply'>, planned: Awaited<ReturnType<Sandbox['plan']>>) {
  const result = await world.apply(planIn(planned));
  expect({ failure: result.failure, outcome: result.outcome }).toEqual({
    failure: undefined,
    outcome: 'done',
  });
}

/** Takes the last run back. */
export async function undone(world: Pick<Sandbox, 'undo'>) {
  const result = await world.undo();
  expect({ failure: result.failure, outcome: result.outcome }).toEqual({
    failure: undefined,
    outcome: 'undone',
  });
}
