import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { shellQuote } from '../../source/core/shell/quote.ts';
import { bazelRemoteWorld } from '../tasks/bazelRemote/world.ts';

interface Honey {
  readonly ssh: { readonly config: string; readonly host: string; readonly user: string };
  readonly image: string;
  readonly digests: Readonly<Record<string, string>>;
  readonly tailnetAddress: string;
  readonly data: string;
  /** Of a machine that systemd runs: a command that cuts its power, and starts it again. */
  readonly reboot?: string;
}

/** What the test that started the host says of it; absent outside of it. */
export const described = process.env.HUSKYCAT_TEST_PODMAN_UP;

const honey = JSON.parse(described ?? '{"ssh":{},"digests":{}}') as Honey;

/** The host with Podman, from within its network namespace: rootful as root, rootless as another user. */
export function openPodman() {
  const isRoot = honey.ssh.user === 'root';
  const ssh = (...argv: [string, ...string[]]) =>
    spawnSync('ssh', ['-F', honey.ssh.config, honey.ssh.host, shellQuote(argv)], { encoding: 'utf8' });
  const podman = (...args: string[]): string => ssh('podman', ...args).stdout;
  const home = isRoot ? '/root' : `/home/${honey.ssh.user}`;
  const data = isRoot ? `${honey.data}/deep/bazel "cache" $(id)` : `${home}/bazel-cache`;
  const imageOf = (version: string): string =>
    `docker.io/${honey.image}:${version}@${honey.digests[version]}`;
  return {
    ...honey,
    isRoot,
    isMachine: honey.reboot !== undefined,
    ssh,
    podman,
    home,
    data,
    imageOf,
    settings: { engine: 'podman', data, size: '1', bind: honey.tailnetAddress, image: imageOf('v2.6.2') },
    open() {
      const world = bazelRemoteWorld(honey.ssh.host, { configFile: honey.ssh.config }, false);
      onTestFinished(() => world.remove());
      return world;
    },
    /** Owner and group of a path of the host; empty where there is none. */
    ownerOf: (path: string): string => ssh('stat', '-c', '%u:%g', '--', path).stdout.trim(),
    /** Every container, image and volume goes, and what was stored. */
    cleanUp(): void {
      podman('rm', '--force', '--all');
      podman('rmi', '--force', '--all');
      podman('volume', 'rm', '--force', '--all');
      const top = isRoot ? `${honey.data}/deep` : data;
      if (isRoot) ssh('rm', '-rf', '--', top);
      else ssh('podman', 'unshare', 'rm', '-rf', '--', top);
    },
    reboot(): void {
      const [program = '', ...args] = (honey.reboot ?? '').split(' ');
      const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
      expect(status, stderr).toBe(0);
    },
  };
}

/**
 * Lets Podman beside honey's Docker find honey's registry in place of Docker Hub, and run where no limit may be raised. A machine
 * of its own knows all that.
 */
export async function preparePodman(): Promise<void> {
  if (honey.reboot !== undefined) return;
  const folder = dirname(honey.ssh.config);
  const [containers, registries, storage] = ['containers', 'registries', 'storage'].map((name) =>
    join(folder, `${name}.conf`),
  ) as [string, string, string];
  const { stdout: limit } = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' });
  const files = limit.trim() === 'unlimited' ? '20000' : limit.trim();
  writeFileSync(
    containers,
    `[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n[containers]\ndefault_ulimits = ["nofile=${files}:${files}", "nproc=4096:4096"]\n`,
  );
  writeFileSync(
    registries,
    '[[registry]]\nlocation = "docker.io"\n[[registry.mirror]]\nlocation = "127.0.0.1:5055"\ninsecure = true\n',
  );
  const kept = join(folder, '..', 'podman');
  writeFileSync(
    storage,
    `[storage]\ndriver = "overlay"\ngraphroot = "${kept}/graph"\nrunroot = "${kept}/run"\n`,
  );
  const own = [
    `CONTAINERS_CONF=${containers}`,
    `CONTAINERS_REGISTRIES_CONF=${registries}`,
    ...(honey.ssh.user === 'root' ? [`CONTAINERS_STORAGE_CONF=${storage}`] : []),
  ];
  const configuration = join(folder, 'sshd_config');
  const text = readFileSync(configuration, 'utf8');
  writeFileSync(configuration, text.replace(/^SetEnv .*$/m, `$& ${own.join(' ')}`));
  process.kill(Number(readFileSync(join(folder, 'sshd.pid'), 'utf8')), 'SIGHUP');
  const asked = () =>
    spawnSync('ssh', ['-F', honey.ssh.config, honey.ssh.host, 'echo "$CONTAINERS_CONF"'], {
      encoding: 'utf8',
    }).stdout.trim();
  await vi.waitFor(() => expect(asked()).toBe(containers), { timeout: 10_000, interval: 100 });
}
