import { label } from '../host/label.ts';
import { type Backend, backendFiles, backendVariables } from './backends.ts';

export type EngineName = 'docker' | 'podman';

/** What keeps the container running: its engine, a service of systemd, or one that Podman's generator makes of a quadlet. */
export type UnitForm = 'container' | 'systemd' | 'quadlet';

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
  readonly unit: UnitForm;
  /** Files on the host. */
  readonly tls?: TlsFiles;
  readonly backend?: Backend;
  /** File on the host with variables that are secret. */
  readonly secrets?: string;
}

export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
  /** Made here, and trusted by itself. */
  readonly isSelfSigned: boolean;
  /** Who signed it, where no machine trusts them by itself. */
  readonly authority?: string;
}

/** Who the image runs as. */
export const imageUser = '65532:65532';

/** Where files of the host are in the container. */
const loginsInside = '/etc/bazel-remote/htpasswd';
const certificateInside = '/etc/bazel-remote/tls.crt';
const keyInside = '/etc/bazel-remote/tls.key';

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
    '--restart',
    deployment.restart,
    ...containerOptions(deployment),
    image,
    ...partsOf(deployment).arguments,
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
function settingsOf(deployment: Deployment): Record<string, string> {
  const { engine, name, image, data, user, size, httpPort, grpcPort, bind, restart } = deployment;
  const { hasMetrics, memory, cpus, htpasswd, isRelabelled, unit, tls, backend, secrets } = deployment;
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
    ...(unit === 'container' ? {} : { unit }),
    ...(tls
      ? {
          tls: tls.isSelfSigned ? 'self-signed' : 'files',
          'tls-certificate': tls.certificate,
          'tls-key': tls.key,
          ...(tls.authority === undefined ? {} : { 'tls-ca': tls.authority }),
        }
      : {}),
    ...(backend ? { backend: backend.name, ...backend.settings } : {}),
    ...(secrets === undefined ? {} : { secrets }),
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

/** A container as every form of running it needs it. */
export interface ContainerParts {
  /** `address:port:port of the container`. */
  readonly ports: readonly string[];
  /** `source:target[:options]`. */
  readonly volumes: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Of bazel-remote. */
  readonly arguments: readonly string[];
}

export function partsOf(deployment: Deployment): ContainerParts {
  const { bind, httpPort, grpcPort, data, isRelabelled, htpasswd, tls, backend, size } = deployment;
  const host = bind.includes(':') ? `[${bind}]` : bind;
  return {
    ports: [`${host}:${httpPort}:8080`, `${host}:${grpcPort}:9092`],
    volumes: [
      `${data}:/data${isRelabelled && isFolder(data) ? ':Z' : ''}`,
      ...filesOf(deployment).map(([file, inside]) => `${file}:${inside}:ro${isRelabelled ? ',Z' : ''}`),
    ],
    environment: {
      BAZEL_REMOTE_MAX_SIZE: String(size),
      ...(deployment.hasMetrics ? { BAZEL_REMOTE_ENABLE_ENDPOINT_METRICS: 'true' } : {}),
      ...(backend ? backendVariables(backend) : {}),
    },
    arguments: [
      ...(htpasswd === undefined ? [] : [`--htpasswd_file=${loginsInside}`, '--allow_unauthenticated_reads']),
      ...(tls ? [`--tls_cert_file=${certificateInside}`, `--tls_key_file=${keyInside}`] : []),
      ...(tls ? ['--min_tls_version=1.2'] : []),
    ],
  };
}

/** The file on the host that says whom to trust; undefined where every machine trusts the certificate anyway. */
export function authorityOf({ tls }: Pick<Deployment, 'tls'>): string | undefined {
  return tls?.isSelfSigned ? tls.certificate : tls?.authority;
}

/** Files of the host that the container reads, each with its place in there. */
export function filesOf({ htpasswd, tls, backend }: Deployment): [string, string][] {
  return [
    ...(htpasswd === undefined ? [] : ([[htpasswd, loginsInside]] as [string, string][])),
    ...(tls
      ? ([
          [tls.certificate, certificateInside],
          [tls.key, keyInside],
        ] as [string, string][])
      : []),
    ...(backend ? backendFiles(backend) : []),
  ];
}

/** Options of `run`, the same for docker and podman. */
export function containerOptions(deployment: Deployment): string[] {
  const { user, memory, cpus, secrets } = deployment;
  const { ports, volumes, environment } = partsOf(deployment);
  return [
    ...ports.flatMap((port) => ['--publish', port]),
    ...volumes.flatMap((volume) => ['--volume', volume]),
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...(secrets === undefined ? [] : ['--env-file', secrets]),
    ...(user === undefined ? [] : ['--user', user]),
    ...(memory === undefined ? [] : ['--memory', memory]),
    ...(cpus === undefined ? [] : ['--cpus', cpus]),
  ];
}
