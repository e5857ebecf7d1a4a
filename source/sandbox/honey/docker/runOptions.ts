import { type ContainerSettings, DaemonError, type MountRequest, type PortBinding } from './container.ts';

/** What was typed cannot be meant: `docker run` ends with 125. */
export class UsageError extends Error {}

const valued = new Set([
  'name',
  'restart',
  'volume',
  'publish',
  'env',
  'user',
  'label',
  'mount',
  'network',
  'memory',
  'cpus',
  'hostname',
  'entrypoint',
  'pull',
  'log-opt',
  'log-driver',
  'ulimit',
  'workdir',
  'env-file',
  'health-cmd',
  'stop-timeout',
  'cap-drop',
  'security-opt',
  'tmpfs',
  'platform',
]);
const plain = new Set([
  'detach',
  'rm',
  'interactive',
  'tty',
  'read-only',
  'init',
  'privileged',
  'quiet',
  'publish-all',
  'replace',
]);
const short: Readonly<Record<string, string>> = {
  v: 'volume',
  p: 'publish',
  e: 'env',
  u: 'user',
  l: 'label',
  m: 'memory',
  h: 'hostname',
  w: 'workdir',
  d: 'detach',
  i: 'interactive',
  t: 'tty',
  q: 'quiet',
  P: 'publish-all',
};

export interface RunRequest extends ContainerSettings {
  readonly isDetached: boolean;
  readonly envFiles: readonly string[];
  /** `--replace`, of podman: a container of that name goes first. */
  readonly replaces: boolean;
}

/** Reads the arguments of `docker run` and `docker create`: options, image, arguments of the program. */
export function readRunOptions(args: readonly string[], defaultName: string): RunRequest {
  const given = new Map<string, string[]>();
  const flags = new Set<string>();
  const rest = [...args];
  const take = (name: string, value: string | undefined): void => {
    const text = value ?? rest.shift();
    if (text === undefined) throw new UsageError(`flag needs an argument: --${name}`);
    given.set(name, [...(given.get(name) ?? []), text]);
  };
  while (rest[0]?.startsWith('-')) {
    const arg = rest.shift() ?? '';
    const [, long, value] = /^--([a-z-]+)(?:=([\s\S]*))?$/.exec(arg) ?? [];
    const names = long === undefined ? [...arg.slice(1)].map((letter) => short[letter] ?? letter) : [long];
    for (const [index, name] of names.entries()) {
      if (plain.has(name)) flags.add(name);
      else if (!valued.has(name)) {
        throw new UsageError(
          long === undefined ? `unknown shorthand flag: '${name}' in ${arg}` : `unknown flag: --${name}`,
        );
      } else {
        take(name, long === undefined ? arg.slice(index + 2) || undefined : value);
        break;
      }
    }
  }
  const image = rest.shift();
  if (image === undefined) throw new UsageError('"docker run" requires at least 1 argument.');
  const name = given.get('name')?.at(-1) ?? defaultName;
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name))
    throw new DaemonError(`Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`);
  const user = given.get('user')?.at(-1);
  return {
    name,
    image,
    args: rest,
    env: given.get('env') ?? [],
    labels: Object.fromEntries(
      (given.get('label') ?? []).map((text) => [text.split('=')[0], text.split('=').slice(1).join('=')]),
    ),
    ports: (given.get('publish') ?? []).map(readPort),
    mounts: [...(given.get('volume') ?? []).map(readVolume), ...(given.get('mount') ?? []).map(readMount)],
    restart: given.get('restart')?.at(-1) ?? 'no',
    ...(user !== undefined && { user }),
    removes: flags.has('rm'),
    isDetached: flags.has('detach'),
    envFiles: given.get('env-file') ?? [],
    replaces: flags.has('replace'),
  };
}

/** `[address:][port]:containerPort[/tcp]`. */
function readPort(text: string): PortBinding {
  const [, address = '', port = '', containerPort] =
    /^(?:(\[[^\]]+\]|\d+(?:\.\d+){3}):)?(?:(\d*):)?(\d+)(?:\/tcp)?$/.exec(text) ?? [];
  if (containerPort === undefined) throw new UsageError(`invalid containerPort: ${text}`);
  return {
    address: address === '0.0.0.0' ? '' : address,
    port: Number(port || 0),
    containerPort: Number(containerPort),
  };
}

/** `/path:/target[:mode]` or `name:/target[:mode]`. */
function readVolume(text: string): MountRequest {
  const [source = '', target, mode = ''] = text.split(':');
  if (target === undefined)
    return { kind: 'volume', source: source.replace(/\W+/g, '_'), target: source, mode };
  return { kind: source.startsWith('/') ? 'bind' : 'volume', source, target, mode };
}

/** `type=bind,source=/path,target=/target`. */
function readMount(text: string): MountRequest {
  const fields = new Map(
    text.split(',').map((part) => [part.split('=')[0] ?? '', part.split('=').slice(1).join('=')]),
  );
  const source = fields.get('source') ?? fields.get('src') ?? '';
  const target = fields.get('target') ?? fields.get('destination') ?? fields.get('dst');
  if (target === undefined)
    throw new UsageError(
      `invalid argument "${text}" for "--mount" flag: field Destination must not be empty`,
    );
  return { kind: fields.get('type') === 'bind' ? 'bind' : 'volume', source, target, mode: '' };
}
