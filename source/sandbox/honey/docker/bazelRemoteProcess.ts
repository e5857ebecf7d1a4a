import { type BazelRemoteServer, startBazelRemote } from '../../bazelRemote/start.ts';
import { createStore, type Store } from '../../bazelRemote/store.ts';
import { type FileSystem, superuser } from '../fileSystem.ts';
import { admission, proxyRefusal, tlsOf } from './bazelRemoteFiles.ts';
import { type Container, DaemonError, type Process } from './container.ts';
import { type TlsPair, withTls } from './tls.ts';

const gibibyte = 1024 ** 3;
/** Flags that the imitation knows; bazel-remote refuses what it does not know, and so does it. */
const knownFlags = [
  'http_address',
  'grpc_address',
  'dir',
  'profile_address',
  'max_size',
  'enable_endpoint_metrics',
  'storage_mode',
  'access_log_level',
  'tls_cert_file',
  'tls_key_file',
  'min_tls_version',
  'htpasswd_file',
  'allow_unauthenticated_reads',
];

/** Either it runs, or it ended at once with that status. */
export type Started = { readonly process: Process } | { readonly exitCode: number };

/** Starts bazel-remote in a container, on the ports of loopback that were asked for. Throws `DaemonError` when one is taken. */
export async function runBazelRemote(
  container: Container,
  files: FileSystem,
  stores: Map<string, Store>,
  now: () => number,
): Promise<Started> {
  const { image, settings, logs } = container;
  const version = image.labels['org.opencontainers.image.version'] ?? 'v2.6.2';
  const flags = flagsOf(container);
  const log = (text: string): void => {
    const stamp = new Date(now()).toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', '/');
    logs.push({ at: now(), stream: 'stderr', text: `${stamp} ${text}` });
  };
  const plainLine = (text: string): void => void logs.push({ at: now(), stream: 'stderr', text });
  const unknown = [...argumentsOf(container).keys()].find((name) => !knownFlags.includes(name));
  if (unknown !== undefined) {
    log(`bazel-remote terminated:flag provided but not defined: -${unknown}`);
    return { exitCode: 1 };
  }
  const size = Number(flags.get('max_size') ?? 0);
  if (!(size > 0)) {
    plainLine("the 'max_size' flag/key must be set to a value > 0");
    return { exitCode: 1 };
  }
  log(`bazel-remote built with go1.26.8 from git commit ${version}.`);
  log('Storage mode: zstd');
  if (!canWriteData(container, files)) {
    log('mkdir /data/cas.v2: permission denied');
    return { exitCode: 1 };
  }
  const refused = proxyRefusal(flags, container, files);
  const tls = tlsOf(flags, container, files);
  if (refused !== undefined || (tls && 'refused' in tls)) {
    plainLine(refused ?? (tls && 'refused' in tls ? tls.refused : ''));
    return { exitCode: 1 };
  }
  const mount = settings.mounts.find(({ target }) => target === '/data');
  const key = mount ? `${mount.kind} ${mount.source}` : container.id;
  const store = stores.get(key) ?? createStore();
  stores.set(key, store);
  log(`Loaded ${store.files()} existing disk cache items.`);
  const server = await listen(
    container,
    { flags, tls },
    {
      version,
      store,
      maxSize: size * gibibyte,
      hasMetrics: ['', 'true', '1'].includes(flags.get('enable_endpoint_metrics') ?? 'false'),
      ...admission(flags, container, files),
    },
  );
  log('Starting gRPC server on address :9092');
  log('Starting HTTP server on address :8080');
  const realPorts = new Map([
    [8080, Number(new URL(server.http).port)],
    [9092, Number(server.grpc.split(':').at(-1))],
  ]);
  const stop = async (): Promise<void> => {
    log('Received signal: terminated, attempting graceful shutdown');
    await server.stop();
  };
  return { process: { realPorts, stop } };
}

/** From the environment, then the command line, which counts more. */
function flagsOf(container: Container): Map<string, string> {
  const flags = new Map<string, string>();
  for (const text of container.settings.env) {
    const [, name, value = ''] = /^BAZEL_REMOTE_([A-Z0-9_]+)=(.*)$/.exec(text) ?? [];
    if (name !== undefined) flags.set(name.toLowerCase(), value);
  }
  return new Map([...flags, ...argumentsOf(container)]);
}

function argumentsOf({ settings, image }: Container): Map<string, string> {
  const flags = new Map<string, string>();
  const args = [...image.entrypoint.slice(1), ...settings.args];
  for (const [index, arg] of args.entries()) {
    const [, name, value] = /^--?([a-z_]+)(?:=(.*))?$/.exec(arg) ?? [];
    const next = args[index + 1];
    const takesNext = value === undefined && next !== undefined && !next.startsWith('-');
    if (name !== undefined) flags.set(name, value ?? (takesNext ? next : ''));
  }
  return flags;
}

/** A named volume takes the image's owner; a bound directory keeps its own, and must let uid 65532 write. */
function canWriteData({ settings, image }: Container, files: FileSystem): boolean {
  const mount = settings.mounts.find(({ target }) => target === '/data');
  const [uid = '0', gid = uid] = (settings.user ?? image.user).split(':');
  if (!mount || mount.kind === 'volume' || Number(uid) === 0) return true;
  const user = {
    ...superuser,
    uid: Number(uid),
    gid: Number(gid),
    groups: [['nonroot', Number(gid)]] as const,
  };
  if (!files.allows(files.find(mount.source, superuser), user, 2)) return false;
  for (const name of ['ac.v2', 'cas.v2', 'raw.v2'])
    if (!files.exists(`${mount.source}/${name}`)) files.makeDirectory(`${mount.source}/${name}`, user);
  return true;
}

type Settings = Pick<
  Parameters<typeof startBazelRemote>[0] & object,
  'version' | 'store' | 'maxSize' | 'hasMetrics' | 'admits'
>;

async function listen(
  { settings }: Container,
  { flags, tls }: { readonly flags: ReadonlyMap<string, string>; readonly tls: TlsPair | undefined },
  options: Settings,
): Promise<BazelRemoteServer> {
  const asked = (port: number): number =>
    settings.ports.find(({ containerPort }) => containerPort === port)?.port ?? 0;
  const grpcPort = flags.get('grpc_address') === 'none' ? 'none' : asked(9092);
  try {
    if (!tls) return await startBazelRemote({ ...options, httpPort: asked(8080), grpcPort });
    const plain = await startBazelRemote({ ...options, ...(grpcPort === 'none' ? { grpcPort } : {}) });
    return await withTls(plain, tls, { http: asked(8080), grpc: grpcPort });
  } catch (cause) {
    const { port } = cause as { port?: number };
    throw new DaemonError(
      `Error starting userland proxy: listen tcp4 0.0.0.0:${port}: bind: address already in use`,
    );
  }
}
