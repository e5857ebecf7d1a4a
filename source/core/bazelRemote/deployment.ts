export type EngineName = 'docker' | 'podman';

/** One bazel-remote as it is run in a container. Every value has passed the checks of `values.ts`. */
export interface Deployment {
  readonly engine: EngineName;
  readonly name: string;
  /** `docker.io/buchgr/bazel-remote-cache:v2.6.2@sha256:…`; without a digest where none could be found. */
  readonly image: string;
  /** A folder of the host, or the name of a volume when it does not begin with a slash. */
  readonly data: string;
  /** `uid:gid` to run as; the image's own, 65532, when absent. */
  readonly user?: string;
  /** GiB. */
  readonly size: number;
  readonly httpPort: number;
  readonly grpcPort: number;
  readonly bind: string;
  readonly restart: string;
  readonly hasMetrics: boolean;
  /** `4g`. */
  readonly memory?: string;
  /** `2`, `1.5`. */
  readonly cpus?: string;
  /** File of logins on the host; readers stay anonymous. */
  readonly htpasswd?: string;
  /** Relabels the folder for SELinux. */
  readonly isRelabelled: boolean;
}

/** Marks a container as made here; its value is what it was run with, as JSON. */
export const label = 'huskycat-tui';

/** Who the image runs as. */
export const imageUser = '65532:65532';

/** Where the file of logins is in the container. */
const loginsInside = '/etc/bazel-remote/htpasswd';

/** True when the data is in a folder of the host. */
export function isFolder(data: string): boolean {
  return data.startsWith('/');
}

/** Who owns the data. */
export function ownerOf({ user }: Pick<Deployment, 'user'>): string {
  return user ?? imageUser;
}

/** The vector that starts the container, its label included. */
export function runVector(deployment: Deployment): [string, ...string[]] {
  const { engine, name, image } = deployment;
  return [
    engine,
    'run',
    '--detach',
    '--name',
    name,
    '--label',
    `${label}=${labelText(deployment)}`,
    ...options(deployment),
    image,
    ...arguments_(deployment),
  ];
}

/** The same for two deployments that are run alike; read back as the settings of the one that is there. */
export function labelText(deployment: Deployment): string {
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(settingsOf(deployment))
        .filter(([name]) => name !== 'name')
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  );
}

/** A deployment as settings: values by name. */
export function settingsOf(deployment: Deployment): Record<string, string> {
  const { engine, name, image, data, user, size, httpPort, grpcPort, bind, restart } = deployment;
  const { hasMetrics, memory, cpus, htpasswd, isRelabelled } = deployment;
  return {
    engine,
    name,
    image,
    data,
    size: String(size),
    'http-port': String(httpPort),
    'grpc-port': String(grpcPort),
    bind,
    restart,
    metrics: hasMetrics ? 'on' : 'off',
    ...(user === undefined ? {} : { user }),
    ...(memory === undefined ? {} : { memory }),
    ...(cpus === undefined ? {} : { cpus }),
    ...(htpasswd === undefined ? {} : { htpasswd }),
    ...(isRelabelled ? { relabel: 'on' } : {}),
  };
}

/** Settings as a label holds them; undefined for a label that is none of ours. */
export function parseLabel(text: string): Record<string, string> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  } catch {
    return undefined;
  }
}

function options(deployment: Deployment): string[] {
  const { bind, httpPort, grpcPort, data, isRelabelled, htpasswd, restart } = deployment;
  const { size, hasMetrics, user, memory, cpus } = deployment;
  const host = bind.includes(':') ? `[${bind}]` : bind;
  return [
    '--restart',
    restart,
    '--publish',
    `${host}:${httpPort}:8080`,
    '--publish',
    `${host}:${grpcPort}:9092`,
    '--volume',
    `${data}:/data${isRelabelled && isFolder(data) ? ':Z' : ''}`,
    ...(htpasswd === undefined
      ? []
      : ['--volume', `${htpasswd}:${loginsInside}:ro${isRelabelled ? ',Z' : ''}`]),
    '--env',
    `BAZEL_REMOTE_MAX_SIZE=${size}`,
    ...(hasMetrics ? ['--env', 'BAZEL_REMOTE_ENABLE_ENDPOINT_METRICS=true'] : []),
    ...(user === undefined ? [] : ['--user', user]),
    ...(memory === undefined ? [] : ['--memory', memory]),
    ...(cpus === undefined ? [] : ['--cpus', cpus]),
  ];
}

function arguments_({ htpasswd }: Deployment): string[] {
  return htpasswd === undefined ? [] : [`--htpasswd_file=${loginsInside}`, '--allow_unauthenticated_reads'];
}
