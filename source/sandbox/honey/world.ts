import type { Engine } from './docker/engine.ts';
import { podman } from './docker/podman.ts';
import { createFileSystem, type FileSystem, superuser, type User } from './fileSystem.ts';
import type { Listener, Mount } from './machine.ts';
import { programs } from './programs.ts';
import type { Machine } from './shell/context.ts';
import { createUnitManager } from './units/manager.ts';

const gibibyte = 1024 ** 3;
const day = 24 * 3600 * 1000;

/** Who logs in: in the group that may use docker, and may use sudo without a password. */
export const operator: User = {
  name: 'ops',
  uid: 1000,
  gid: 1000,
  groups: [
    ['ops', 1000],
    ['wheel', 10],
    ['docker', 989],
  ],
  home: '/home/ops',
};

/** A runner of the team: small system disk, most of it used, and all the room under /home. */
const mounts: readonly Mount[] = [
  { device: '/dev/mapper/rl-root', path: '/', type: 'xfs', size: 70 * gibibyte, used: 47.6 * gibibyte },
  { device: '/dev/sda2', path: '/boot', type: 'xfs', size: 0.94 * gibibyte, used: 0.41 * gibibyte },
  {
    device: '/dev/mapper/rl-home',
    path: '/home',
    type: 'xfs',
    size: 3.6 * 1024 * gibibyte,
    used: 410 * gibibyte,
  },
  {
    device: '/dev/mapper/rl-runner',
    path: '/var/cache/gitlab-runner',
    type: 'xfs',
    size: 477 * gibibyte,
    used: 268 * gibibyte,
  },
];

const listeners: readonly Listener[] = [
  { address: '0.0.0.0', port: 22, process: 'sshd', pid: 1187 },
  { address: '[::]', port: 22, process: 'sshd', pid: 1187 },
  { address: '127.0.0.1', port: 10248, process: 'kubelet', pid: 2210 },
  { address: '*', port: 6443, process: 'kube-apiserver', pid: 2514 },
  { address: '*', port: 9345, process: 'rke2', pid: 1702 },
  { address: '100.77.196.50', port: 41641, process: 'tailscaled', pid: 1203 },
];

export interface Surroundings {
  readonly takenPorts: readonly number[];
  readonly addresses: readonly string[];
}

export function createMachine(
  docker: (files: FileSystem, surroundings: Surroundings) => Engine,
  now: () => number,
  hasPodman = false,
): Machine {
  const files = createFileSystem(now);
  const surroundings: Surroundings = {
    takenPorts: listeners.map(({ port }) => port),
    addresses: ['127.0.0.1', '0.0.0.0', '100.77.196.50'],
  };
  const own = `${operator.home}/.config`;
  const bootedAt = now() - 23 * day - 5 * 3_600_000;
  const machine: Machine = {
    hostname: 'honey',
    kernel: '6.12.0-55.30.1.el10_0.x86_64',
    architecture: 'x86_64',
    processors: 16,
    loads: [17.21, 16.84, 16.9],
    now,
    bootedAt,
    tailnetAddress: '100.77.196.50',
    mounts,
    listeners,
    users: [superuser, operator],
    files,
    docker: docker(files, surroundings),
    podman: docker(files, surroundings),
    units: createUnitManager(files, '/etc/systemd/system', '/etc/containers/systemd'),
    userUnits: createUnitManager(files, `${own}/systemd/user`, `${own}/containers/systemd`),
    programs: hasPodman ? new Map([...programs, ['podman', podman]]) : programs,
  };
  fill(machine);
  if (hasPodman) {
    const path = '/usr/lib/systemd/system-generators/podman-system-generator';
    for (const folder of ['/usr/lib', '/usr/lib/systemd', '/usr/lib/systemd/system-generators'])
      files.makeDirectory(folder, superuser);
    files.write(path, Buffer.alloc(0), superuser);
    files.find(path, superuser).mode = 0o755;
  }
  return machine;
}

function fill(machine: Machine): void {
  const { files, hostname, kernel, processors, loads } = machine;
  for (const path of [
    '/boot',
    '/dev',
    '/etc',
    '/home',
    '/opt',
    '/proc',
    '/root',
    '/run',
    '/srv',
    '/usr',
    '/var',
  ])
    files.makeDirectory(path, superuser);
  files.makeDirectory('/tmp', superuser, 0o777);
  for (const path of [
    '/proc/sys',
    '/proc/sys/kernel',
    '/usr/bin',
    '/var/cache',
    '/var/lib',
    '/var/log',
    '/var/lib/docker',
    '/etc/systemd',
    '/etc/systemd/system',
    '/run/systemd',
    '/run/systemd/system',
    '/run/user',
    '/var/lib/systemd',
    '/var/lib/systemd/linger',
  ])
    files.makeDirectory(path, superuser);
  files.makeDirectory('/var/cache/gitlab-runner', superuser);
  for (const path of [operator.home, `/run/user/${operator.uid}`]) {
    const own = files.makeDirectory(path, superuser, 0o700);
    Object.assign(own, { uid: operator.uid, gid: operator.gid });
  }
  files.write(`/run/user/${operator.uid}/bus`, Buffer.alloc(0), operator);
  Object.assign(files.find(`/run/user/${operator.uid}/bus`, superuser), { isSocket: true });
  files.write(`/var/lib/systemd/linger/${operator.name}`, Buffer.alloc(0), superuser);
  const uptime = (): number => (machine.now() - machine.bootedAt) / 1000;
  const generated: Record<string, () => string> = {
    '/etc/hostname': () => `${hostname}\n`,
    '/etc/os-release': () =>
      'NAME="Rocky Linux"\nVERSION="10.0 (Red Quartz)"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="10.0"\nPRETTY_NAME="Rocky Linux 10.0 (Red Quartz)"\n',
    '/etc/passwd': () =>
      machine.users
        .map(({ name, uid, gid, home: at }) => `${name}:x:${uid}:${gid}::${at}:/bin/sh\n`)
        .join(''),
    '/etc/group': () => operator.groups.map(([name, gid]) => `${name}:x:${gid}:ops\n`).join(''),
    '/proc/cpuinfo': () =>
      Array.from(
        { length: processors },
        (_, index) => `processor\t: ${index}\nmodel name\t: Intel(R) Xeon(R) CPU E5-2640 v3 @ 2.60GHz\n\n`,
      ).join(''),
    '/proc/loadavg': () => `${loads.map((load) => load.toFixed(2)).join(' ')} 9/2210 81422\n`,
    '/proc/meminfo': () =>
      'MemTotal:       131822592 kB\nMemFree:         6217720 kB\nMemAvailable:   71440812 kB\nSwapTotal:       4194300 kB\nSwapFree:        3411200 kB\n',
    '/proc/mounts': () =>
      mounts.map(({ device, path, type }) => `${device} ${path} ${type} rw,relatime 0 0\n`).join(''),
    '/proc/uptime': () => `${uptime().toFixed(2)} ${(uptime() * 2.1).toFixed(2)}\n`,
    '/proc/version': () => `Linux version ${kernel} (mockbuild@rocky) #1 SMP PREEMPT_DYNAMIC\n`,
    '/proc/sys/kernel/hostname': () => `${hostname}\n`,
    '/proc/sys/kernel/osrelease': () => `${kernel}\n`,
  };
  for (const [path, content] of Object.entries(generated)) {
    files.write(path, Buffer.alloc(0), superuser);
    const node = files.find(path, superuser);
    if (node.kind === 'file') node.content = content;
  }
  files.write('/dev/null', Buffer.alloc(0), superuser);
  Object.assign(files.find('/dev/null', superuser), { mode: 0o666 });
}
