import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { describe, onTestFinished } from 'vitest';
import { openShell, type ShellOptions } from '../../../source/services/ssh/openShell.ts';
import type { Notice, Shell } from '../../../source/services/ssh/types.ts';
import { openWorld } from '../../promises/world.ts';

/** For tests that ask the machine's own ssh and ssh-keygen; where there are none they say so by being skipped. */
export const withSsh = describe.skipIf(spawnSync('ssh', ['-V']).error !== undefined);

export function makeKey(path: string, type = 'ed25519', passphrase = ''): string {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'test', '-f', path]);
  return readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
}

export interface ServerOptions {
  readonly hostKeys?: readonly string[];
  readonly banner?: string;
  /** Lets anyone in at once, as Tailscale does. */
  readonly open?: boolean;
  readonly question?: string;
  readonly maxSessions?: number;
  /** Shell scripts that come first on the PATH of every command. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Instead of running the command with /bin/sh. */
  readonly exec?: (command: string, channel: ssh2.ServerChannel, client: ssh2.Connection) => void;
  /** Answers nothing at all. */
  readonly mute?: boolean;
}

/** A real SSH server on the loopback that runs commands with /bin/sh, with keys and known_hosts in a directory of its own. */
export async function startServer(options: ServerOptions = {}) {
  const world = openWorld();
  const directory = mkdtempSync(join(tmpdir(), 'huskycat-ssh-'));
  const inside = (name: string): string => join(directory, name);
  const userKey = makeKey(inside('id'));
  const hostKey = makeKey(inside('host'));
  const rsaKey = options.hostKeys?.includes('rsa') ? makeKey(inside('rsa'), 'rsa') : '';
  const clients = new Set<ssh2.Connection>();
  const sockets = new Set<Socket>();
  const ended: string[] = [];
  let logins = 0;
  let sessions = 0;
  let mostSessions = 0;
  const server = new ssh2.Server(
    {
      hostKeys: (options.hostKeys ?? ['host']).map((name) => readFileSync(inside(name))),
      ...(options.banner === undefined ? {} : { banner: options.banner }),
    },
    (client) => {
      clients.add(client);
      client.on('error', () => {});
      client.on('close', () => clients.delete(client));
      client.on('authentication', (attempt) => authenticate(attempt, options, userKey));
      client.on('ready', () => {
        logins += 1;
        client.on('session', (accept, reject) => {
          if (sessions >= (options.maxSessions ?? Number.POSITIVE_INFINITY)) return reject();
          sessions += 1;
          mostSessions = Math.max(mostSessions, sessions);
          const session = accept();
          session.on('close', () => {
            sessions -= 1;
          });
          session.on('exec', (acceptExec, _reject, { command }) => {
            const channel = acceptExec();
            channel.on('error', () => {});
            if (options.exec) options.exec(command, channel, client);
            else runCommand(command, channel, { ended, path: `${inside('bin')}:${process.env.PATH}` });
          });
        });
      });
    },
  );
  const net: { on(event: 'connection', listener: (socket: Socket) => void): void } = (
    server as unknown as { _srv: { on(event: 'connection', listener: (socket: Socket) => void): void } }
  )._srv;
  net.on('connection', (socket) => {
    sockets.add(socket);
    if (options.mute) socket.removeAllListeners('data');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const opened: Shell[] = [];
  onTestFinished(() => {
    for (const shell of opened) shell.close();
    drop();
    server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  writeFileSync(inside('config'), '');
  mkdirSync(inside('bin'));
  for (const [name, script] of Object.entries(options.programs ?? {}))
    writeFileSync(join(inside('bin'), name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const known = `[127.0.0.1]:${port}`;
  const write = (name: string, text: string): void => writeFileSync(inside(name), text);
  write('known_hosts', `${known} ${hostKey}\n`);
  const notices: Notice[] = [];
  /** `undefined` takes an option away. */
  const connect = async (extra: { [Key in keyof ShellOptions]?: ShellOptions[Key] | undefined } = {}) => {
    const given = {
      destination: '127.0.0.1',
      port,
      user: 'ops',
      identityFile: inside('id'),
      knownHosts: inside('known_hosts'),
      configFile: inside('config'),
      gate: world.gate,
      activity: world.activity,
      onNotice: (notice: Notice) => notices.push(notice),
      ...extra,
    };
    const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const shell = await openShell(options as unknown as ShellOptions);
    opened.push(shell);
    return shell;
  };
  return {
    ...world,
    directory,
    inside,
    port,
    known,
    hostKey,
    rsaKey,
    userKey,
    write,
    read: (name: string) => readFileSync(inside(name), 'utf8'),
    connect,
    notices,
    /** Commands that have ended, by status or signal. */
    ended,
    drop,
    logins: () => logins,
    mostSessions: () => mostSessions,
  };
}

function authenticate(attempt: ssh2.AuthContext, { open, question }: ServerOptions, userKey: string): void {
  const left: ssh2.AuthenticationType[] =
    question === undefined ? ['publickey'] : ['publickey', 'keyboard-interactive'];
  if (open || (attempt.method === 'publickey' && isSignedBy(userKey, attempt))) attempt.accept();
  else if (attempt.method === 'keyboard-interactive' && question !== undefined)
    attempt.prompt([{ prompt: question, echo: false }], 'Login', '', () => attempt.reject(['publickey']));
  else attempt.reject(left);
}

/** Without a signature the client asks only whether the key would do. */
function isSignedBy(userKey: string, { key, signature, blob, hashAlgo }: ssh2.PublicKeyAuthContext): boolean {
  const allowed = ssh2.utils.parseKey(userKey);
  if (allowed instanceof Error || !key.data.equals(allowed.getPublicSSH())) return false;
  return signature === undefined || (blob !== undefined && allowed.verify(blob, signature, hashAlgo));
}

function runCommand(
  command: string,
  channel: ssh2.ServerChannel,
  { ended, path }: { ended: string[]; path: string },
): void {
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], { env: { ...process.env, PATH: path } });
  channel.pipe(child.stdin);
  child.stdin.on('error', () => {});
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  channel.on('close', () => child.kill());
  child.on('close', (code, signal) => {
    ended.push(signal ?? String(code));
    if (signal) channel.exit(signal.replace('SIG', ''), false, '');
    else channel.exit(code ?? 0);
    channel.end();
  });
}

/** A directory under a test's own, made with what is above it. */
export function makeDirectory(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}
