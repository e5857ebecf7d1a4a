import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Workspace } from '../../source/services/workspace.ts';
import { bazelRemoteWorld } from '../tasks/bazelRemote/world.ts';

interface Honey {
  readonly ssh: {
    readonly config: string;
    readonly host: string;
    readonly port: number;
    readonly user: string;
  };
  readonly dockerHost: string;
  readonly image: string;
  readonly digests: Readonly<Record<string, string>>;
  readonly tailnetAddress: string;
  readonly data: string;
}

/** What task10.test.ts says of the honey that it started; absent outside of it. */
export const described = process.env.HUSKYCAT_TEST_TASK10_UP;

const honey = JSON.parse(described ?? '{"ssh":{},"digests":{}}') as Honey;

/** The honey of task10.test.ts, from within its network namespace. */
export function openHoney() {
  const isRoot = honey.ssh.user === 'root';
  const docker = (...args: string[]): string =>
    spawnSync('docker', args, { encoding: 'utf8', env: { ...process.env, DOCKER_HOST: honey.dockerHost } })
      .stdout;
  const imageOf = (version: string): string => `${honey.image}:${version}@${honey.digests[version]}`;
  const folder = `${honey.data}/deep/bazel "cache" $(id)`;
  /** Of the user who may not become root: a volume needs no owner. */
  const data = isRoot ? folder : 'bazel-cache';
  const sshd = honey.ssh.config?.replace(/config$/, 'sshd.pid');
  return {
    ...honey,
    isRoot,
    docker,
    imageOf,
    folder,
    settings: { data, size: '1', bind: honey.tailnetAddress, image: imageOf('v2.6.2') },
    dockerd: (): number =>
      Number(readFileSync(honey.dockerHost.replace(/^unix:\/\/(.*)\.sock$/, '$1.pid'), 'utf8')),
    open() {
      const world = bazelRemoteWorld(honey.ssh.host, { configFile: honey.ssh.config }, false);
      onTestFinished(() => world.remove());
      return world;
    },
    /** Holds a port until the test ends, or until what it gives is called. */
    async hold(port: number): Promise<() => void> {
      const server = createServer().listen(port, honey.tailnetAddress);
      onTestFinished(() => void server.close());
      await new Promise<void>((listening) => server.once('listening', () => listening()));
      return () => void server.close();
    },
    /** Ends every connection of sshd, as a network that goes does. */
    cut(): void {
      for (const pid of childrenOf(readFileSync(sshd, 'utf8').trim())) process.kill(Number(pid), 'SIGKILL');
    },
    cleanUp(): void {
      const all = docker('ps', '-aq').split('\n').filter(Boolean);
      if (all.length > 0) docker('rm', '-f', ...all);
      const images = docker('images', '-q').split('\n').filter(Boolean);
      if (images.length > 0) docker('rmi', '-f', ...images);
      docker('volume', 'rm', '-f', 'bazel-cache');
      rmSync(`${honey.data}/deep`, { recursive: true, force: true });
    },
  };
}

/** Calls once, when a command on the host begins: the one of a write with this title, or one of these words. */
export function onCommandOf({ activity }: Workspace, wanted: string | RegExp, call: () => void): () => void {
  let isBegun = typeof wanted !== 'string';
  let last = activity.list().at(-1)?.id ?? 0;
  const unsubscribe = activity.subscribe(() => {
    for (const event of activity.list().filter(({ id }) => id > last)) {
      last = event.id;
      const isCommand = event.kind === 'ssh' && !event.title.startsWith('connect');
      if (typeof wanted === 'string' && event.kind === 'write' && event.title.startsWith(wanted))
        isBegun = true;
      else if (isCommand && isBegun && (typeof wanted === 'string' || wanted.test(event.title))) {
        unsubscribe();
        call();
        return;
      }
    }
  });
  return unsubscribe;
}

function childrenOf(pid: string): string[] {
  return execFileSync('ps', ['-o', 'pid=', '--ppid', pid], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}
