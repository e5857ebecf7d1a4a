import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, cpSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { selfSigned } from './projectRegistry.ts';

/** A Docker engine of a test's own, as the service docker:dind has one. */
export interface Engine {
  /** Of its socket. */
  readonly socket: string;
  /** With TLS, as clients find it behind `DOCKER_HOST`, and the folder of `DOCKER_CERT_PATH`. */
  readonly tcp: string;
  readonly certificates: string;
  docker(...args: string[]): string;
  close(): Promise<void>;
}

/**
 * Starts dockerd in a folder. It wants a network namespace to itself, since it makes a bridge and rules of the firewall.
 * `certificate` is a file with what it trusts; its images of Docker Hub come from `mirror`.
 */
export async function startEngine(
  folder: string,
  { certificate: trusted, mirror }: { readonly certificate: string; readonly mirror: string },
): Promise<Engine> {
  const certificates = join(folder, 'certificates');
  mkdirSync(certificates, { recursive: true });
  const { key, certificate } = selfSigned(certificates, '127.0.0.1');
  cpSync(certificate, join(certificates, 'ca.pem'));
  cpSync(certificate, join(certificates, 'cert.pem'));
  const path = join(folder, 'docker.sock');
  const socket = `unix://${path}`;
  const tcp = 'tcp://127.0.0.1:2376';
  const output = openSync(join(folder, 'dockerd.log'), 'w');
  const child = spawn(
    'dockerd',
    [
      ...[
        '--data-root',
        join(folder, 'data'),
        '--exec-root',
        join(folder, 'exec'),
        '--pidfile',
        join(folder, 'pid'),
      ],
      ...['--host', socket, '--host', tcp, '--tlsverify', '--tlscacert', certificate],
      ...['--tlscert', certificate, '--tlskey', key, '--registry-mirror', mirror],
      ...runtime(folder),
    ],
    {
      stdio: ['ignore', output, output],
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, SSL_CERT_FILE: trusted },
    },
  );
  closeSync(output);
  const docker = (...args: string[]): string =>
    execFileSync('docker', args, {
      encoding: 'utf8',
      env: { ...process.env, DOCKER_HOST: socket },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const isUp = (): boolean => {
    try {
      docker('version');
      return true;
    } catch {
      return false;
    }
  };
  while (!isUp()) {
    if (child.exitCode !== null)
      throw new Error(`dockerd ended: ${readFileSync(join(folder, 'dockerd.log'), 'utf8').slice(-2000)}`);
    await wait(50);
  }
  return {
    socket,
    tcp,
    certificates,
    docker,
    async close() {
      const ids = docker('ps', '-aq').split('\n').filter(Boolean);
      if (ids.length > 0) docker('rm', '-fv', ...ids);
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A privileged container gets every capability, which fails where root itself has not all: then what is missing is left out. */
function runtime(folder: string): string[] {
  const own = /^CapBnd:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  const sysResource = 1n << 24n;
  if ((BigInt(`0x${own}`) & sysResource) !== 0n) return [];
  const program = join(folder, 'runc');
  const script = `#!/bin/sh
narrow() {
  jq "$2 |= map_values(. - [\\"CAP_SYS_RESOURCE\\"])" "$1" > "$1.new" && mv "$1.new" "$1"
}
previous=
for word; do
  case $previous in
    --bundle) [ -f "$word/config.json" ] && narrow "$word/config.json" .process.capabilities ;;
    --process) narrow "$word" .capabilities ;;
  esac
  previous=$word
done
exec runc "$@"
`;
  writeFileSync(program, script, { mode: 0o755 });
  return ['--add-runtime', `narrow=${program}`, '--default-runtime', 'narrow'];
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const closed = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGTERM');
  await closed;
}
