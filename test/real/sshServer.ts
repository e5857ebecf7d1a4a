import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, connect as openSocket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { makeKey } from '../services/ssh/world.ts';
import { needsProgram } from './require.ts';

export interface RealServer {
  readonly port: number;
  /** `[127.0.0.1]:PORT type key`, as known_hosts has it. */
  readonly known: string;
  stop(): void;
}

/** A directory with a user's key, and real OpenSSH servers on the loopback that let it in. */
export interface RealSsh {
  readonly user: string;
  inside(name: string): string;
  write(name: string, text: string): void;
  start(name: string, settings?: string): Promise<RealServer>;
  /** Ends every server, then removes the directory: a server removes its pid file as it ends. */
  remove(): Promise<void>;
}

/** Undefined where sshd is missing, or may not be started: it wants root for its privilege separation. */
export function openRealSsh(): RealSsh | undefined {
  const sshd = existsSync('/usr/sbin/sshd') ? '/usr/sbin/sshd' : needsProgram('sshd');
  if (sshd === undefined) return undefined;
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true });
  const directory = mkdtempSync(join(tmpdir(), 'huskycat-sshd-'));
  const inside = (name: string): string => join(directory, name);
  const userKey = makeKey(inside('id'));
  writeFileSync(inside('authorized_keys'), `${userKey}\n`);
  const running = new Set<ChildProcess>();
  return {
    user: userInfo().username,
    inside,
    write: (name, text) => writeFileSync(inside(name), text),
    async start(name, settings = '') {
      const port = await freePort();
      const hostKey = makeKey(inside(`${name}_host`));
      const lines = [
        `Port ${port}`,
        'ListenAddress 127.0.0.1',
        `HostKey ${inside(`${name}_host`)}`,
        `AuthorizedKeysFile ${inside('authorized_keys')}`,
        `PidFile ${inside(`${name}.pid`)}`,
        'StrictModes no',
        'UsePAM no',
        'PasswordAuthentication no',
        'KbdInteractiveAuthentication no',
        settings,
      ];
      writeFileSync(inside(`${name}.conf`), `${lines.join('\n')}\n`);
      const check = spawnSync(sshd, ['-t', '-f', inside(`${name}.conf`)], { encoding: 'utf8' });
      if (check.status !== 0) throw new Error(`sshd -t: ${check.stderr}`);
      const child = spawn(sshd, ['-D', '-f', inside(`${name}.conf`), '-E', inside(`${name}.log`)], {
        stdio: 'ignore',
      });
      running.add(child);
      await answers(port, () =>
        child.exitCode === null ? undefined : readFileSync(inside(`${name}.log`), 'utf8'),
      );
      return { port, known: `[127.0.0.1]:${port} ${hostKey}`, stop: () => void child.kill() };
    },
    async remove() {
      for (const child of running) {
        const ended = new Promise((done) => child.once('exit', done));
        child.kill();
        if (child.exitCode === null && child.signalCode === null) await ended;
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** Waits until something accepts connections there, or `ended` tells why nothing will. */
async function answers(port: number, ended: () => string | undefined): Promise<void> {
  for (;;) {
    const isOpen = await new Promise<boolean>((tell) => {
      const socket = openSocket(port, '127.0.0.1');
      socket.on('connect', () => {
        socket.destroy();
        tell(true);
      });
      socket.on('error', () => tell(false));
    });
    if (isOpen) return;
    const why = ended();
    if (why !== undefined) throw new Error(`sshd ended: ${why}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}
