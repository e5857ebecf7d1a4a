import { homedir, userInfo } from 'node:os';
import { isAbort, NeedsUser, Unavailable } from '../../core/failure.ts';
import { shellQuote } from '../../core/shell/quote.ts';
import { plain } from '../../core/text/safe.ts';
import { runReading } from '../process/run.ts';
import { checkDestination } from './destination.ts';

/** Where a connection goes and by which means, as the user's own ssh would decide. */
export interface Target {
  readonly destination: string;
  /** The same as a command to try by hand: `ssh -p 2222 honey`. */
  readonly byHand: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  /** The name that known_hosts has it under: `honey`, `[10.0.0.1]:2222`; without a port for an alias. */
  readonly knownAs: string;
  /** The same without a port, for a key that is known for the host at any port; absent for an alias. */
  readonly knownWithoutPort?: string;
  readonly identityFiles: readonly string[];
  /** Only keys of `identityFiles` are offered, also by the agent. */
  readonly identitiesOnly: boolean;
  /** Socket of the agent; absent without one. */
  readonly agent?: string;
  /** The first is where a new key is saved. */
  readonly userKnownHosts: readonly string[];
  readonly globalKnownHosts: readonly string[];
  readonly hashKnownHosts: boolean;
  /** `StrictHostKeyChecking yes`: a key that is not known is not even asked about. */
  readonly strict: boolean;
  /** Algorithms in the user's order, as ssh names them. */
  readonly hostKeyAlgorithms: readonly string[];
  readonly family: 0 | 4 | 6;
  /** Milliseconds; absent for ours. */
  readonly connectTimeout?: number;
  /** Milliseconds; absent for ours. */
  readonly keepalive?: number;
  /** `user@host:port` of each hop, the nearest first. */
  readonly proxyJump: readonly string[];
  /** As written, its tokens not yet replaced. */
  readonly proxyCommand?: string;
  /** What ssh itself is given so that a jump uses the same configuration. */
  readonly configFile?: string;
}

export interface TargetOptions {
  readonly destination: string;
  readonly port?: number;
  readonly user?: string;
  /** Tried before those of the configuration. */
  readonly identityFile?: string;
  /** Instead of the configuration's known_hosts files. */
  readonly knownHosts?: string;
  /** Instead of ~/.ssh/config and the system's. */
  readonly configFile?: string;
  readonly signal?: AbortSignal;
}

/** Asks the user's ssh where it would go (`ssh -G`); nothing is connected. */
export async function resolveTarget(options: TargetOptions): Promise<Target> {
  const { destination, port, user, configFile } = options;
  checkDestination(destination, user);
  const answer = await askSsh(
    [
      ...(configFile === undefined ? [] : ['-F', configFile]),
      ...(port === undefined ? [] : ['-p', String(port)]),
      ...(user === undefined ? [] : ['-l', user]),
      '--',
      destination,
    ],
    options,
  );
  return targetOf(answer, options);
}

async function askSsh(argv: readonly string[], { destination, signal }: TargetOptions): Promise<string> {
  const tried = `ssh -G ${plain(destination, 200)}`;
  try {
    const { code, stdout, stderr } = await runReading(['ssh', '-G', ...argv], {
      env: { LC_ALL: 'C' },
      timeout: 10_000,
      ...(signal ? { signal } : {}),
    });
    if (code === 0) return stdout;
    throw new NeedsUser({
      tried,
      saw: plain(stderr.trim(), 400) || `exit status ${code}`,
      next: ['Mend the ssh configuration that this names.'],
      code: 'ssh-configuration',
    });
  } catch (thrown) {
    if (isAbort(thrown) || !(thrown instanceof Unavailable) || thrown.code !== 'no-program') throw thrown;
    throw new NeedsUser({
      tried,
      saw: 'there is no ssh program: it is not installed, or not on PATH',
      next: ['Install the OpenSSH client (Debian: apt install openssh-client).'],
      code: 'no-ssh',
      cause: thrown,
    });
  }
}

/** Reads the lines of `ssh -G`; a keyword may come more than once. */
function targetOf(answer: string, options: TargetOptions): Target {
  const lines = answer.split('\n').map((line): [string, string] => {
    const space = line.indexOf(' ');
    return space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1).trim()];
  });
  const all = (key: string): string[] => lines.filter(([name]) => name === key).map(([, value]) => value);
  const one = (key: string): string | undefined => all(key).find((value) => value !== '' && value !== 'none');
  const hostName = one('hostname') ?? options.destination;
  const port = Number(one('port') ?? 22);
  const user = one('user') ?? userInfo().username;
  checkDestination(hostName, user);
  const alias = one('hostkeyalias')?.toLowerCase();
  const name = hostName.toLowerCase();
  const agent = agentSocket(all('identityagent')[0]);
  const seconds = (key: string): number => Number(one(key) ?? 0) * 1000 || 0;
  const expand = (path: string): string =>
    expandPath(path, { hostName, port, user, original: options.destination });
  const files = all('identityfile').filter((path) => path !== 'none');
  const connectTimeout = seconds('connecttimeout');
  const keepalive = seconds('serveraliveinterval');
  const proxyCommand = one('proxycommand');
  return {
    destination: options.destination,
    byHand: byHand(options),
    hostName,
    port,
    user,
    knownAs: alias ?? (port === 22 ? name : `[${name}]:${port}`),
    ...(alias === undefined && port !== 22 ? { knownWithoutPort: name } : {}),
    identityFiles: [
      ...(options.identityFile === undefined ? [] : [options.identityFile]),
      ...files.map(expand),
    ],
    identitiesOnly: one('identitiesonly') === 'yes',
    ...(agent === undefined ? {} : { agent }),
    userKnownHosts:
      options.knownHosts === undefined ? paths(one('userknownhostsfile')) : [options.knownHosts],
    globalKnownHosts: options.knownHosts === undefined ? paths(one('globalknownhostsfile')) : [],
    hashKnownHosts: one('hashknownhosts') === 'yes',
    strict: ['true', 'yes'].includes(one('stricthostkeychecking') ?? ''),
    hostKeyAlgorithms: (one('hostkeyalgorithms') ?? '').split(',').filter(Boolean),
    family: one('addressfamily') === 'inet' ? 4 : one('addressfamily') === 'inet6' ? 6 : 0,
    ...(connectTimeout > 0 ? { connectTimeout } : {}),
    ...(keepalive > 0 ? { keepalive } : {}),
    proxyJump: (one('proxyjump') ?? '').split(',').filter(Boolean),
    ...(proxyCommand === undefined ? {} : { proxyCommand }),
    ...(options.configFile === undefined ? {} : { configFile: options.configFile }),
  };
}

function byHand({ destination, port, user, identityFile, knownHosts, configFile }: TargetOptions): string {
  const flags: readonly (readonly [string, string | undefined])[] = [
    ['-F', configFile],
    ['-p', port === undefined ? undefined : String(port)],
    ['-l', user],
    ['-i', identityFile],
    ['-o', knownHosts === undefined ? undefined : `UserKnownHostsFile=${knownHosts}`],
  ];
  const given = flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  return plain(shellQuote(['ssh', ...given, destination]), 600);
}

/** `ssh -G` joins absolute paths with spaces and does not quote: a space before a slash parts them. */
function paths(line: string | undefined): string[] {
  return (line ?? '').split(/ (?=\/)/).filter(Boolean);
}

/** IdentityAgent of ssh_config(5): a path, `SSH_AUTH_SOCK`, a `$VARIABLE`, or none. */
function agentSocket(given: string | undefined): string | undefined {
  if (given === 'none') return undefined;
  const variable = given === undefined ? 'SSH_AUTH_SOCK' : /^\$\{?(\w+)\}?$/.exec(given)?.[1];
  const name = given === 'SSH_AUTH_SOCK' ? given : variable;
  return (name === undefined ? given : process.env[name]) || undefined;
}

/** Replaces a leading `~/` and the tokens of ssh_config(5) that an IdentityFile may hold. */
function expandPath(
  path: string,
  { hostName, port, user, original }: { hostName: string; port: number; user: string; original: string },
): string {
  const tokens: Readonly<Record<string, string>> = {
    '%': '%',
    d: homedir(),
    u: userInfo().username,
    r: user,
    h: hostName,
    n: original,
    p: String(port),
  };
  return path
    .replace(/^~(?=\/)/, homedir())
    .replace(/%(.)/g, (whole, token: string) => tokens[token] ?? whole);
}
