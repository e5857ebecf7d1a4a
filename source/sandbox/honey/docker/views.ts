import type { Container } from './container.ts';
import type { Image } from './images.ts';

const zero = '0001-01-01T00:00:00Z';

function iso(at: number): string {
  return at === 0 ? zero : new Date(at).toISOString().replace('Z', '000000Z');
}

/** `units.HumanDuration` of docker. */
function humanDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.round(minutes / 60);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 14) return `${Math.floor(hours / 24)} days`;
  return `${Math.floor(hours / 24 / 7)} weeks`;
}

function humanBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${Number(size.toPrecision(3))}${units[unit]}`;
}

export function statusOf(container: Container, now: number): string {
  const since = (at: number): string => humanDuration(now - at);
  switch (container.status) {
    case 'running':
      return `Up ${since(container.startedAt)}`;
    case 'restarting':
      return `Restarting (${container.exitCode}) ${since(container.finishedAt)} ago`;
    case 'exited':
      return `Exited (${container.exitCode}) ${since(container.finishedAt)} ago`;
    case 'created':
      return 'Created';
  }
}

function portsOf(container: Container): string {
  const { image, settings, process, status } = container;
  if (status !== 'running') return '';
  const published = settings.ports.flatMap(({ address, port, containerPort }) => {
    const real = port || (process?.realPorts.get(containerPort) ?? 0);
    const addresses = address === '' ? ['0.0.0.0', '[::]'] : [address];
    return addresses.map((one) => `${one}:${real}->${containerPort}/tcp`);
  });
  const taken = settings.ports.map(({ containerPort }) => containerPort);
  const exposed = image.exposed.filter((port) => !taken.includes(port)).map((port) => `${port}/tcp`);
  return [...exposed, ...published].join(', ');
}

/** What `docker ps --format` can ask for. */
export function psRow(container: Container, now: number, isWhole: boolean): Record<string, string> {
  const { id, image, settings, createdAt, status } = container;
  return {
    Command: `"${[...image.entrypoint, ...settings.args].join(' ').slice(0, 19)}…"`,
    CreatedAt: `${new Date(createdAt).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`,
    ID: isWhole ? id : id.slice(0, 12),
    Image: settings.image,
    Labels: Object.entries({ ...image.labels, ...settings.labels })
      .map(([name, value]) => `${name}=${value}`)
      .join(','),
    LocalVolumes: String(settings.mounts.filter(({ kind }) => kind === 'volume').length),
    Mounts: settings.mounts.map(({ source }) => source).join(','),
    Names: settings.name,
    Networks: 'bridge',
    Ports: portsOf(container),
    RunningFor: `${humanDuration(now - createdAt)} ago`,
    Size: '0B',
    State: status,
    Status: statusOf(container, now),
  };
}

function byPort<T>(items: readonly (readonly [number, T])[]): Record<string, T[]> {
  const ports: Record<string, T[]> = {};
  for (const [port, item] of items) ports[`${port}/tcp`] = [...(ports[`${port}/tcp`] ?? []), item];
  return ports;
}

/** An object of `docker inspect`, as far as anything looks at it. */
export function inspectContainer(container: Container): Record<string, unknown> {
  const { id, image, settings, status, process } = container;
  const running = status === 'running' || status === 'restarting';
  const asked = settings.ports.map(
    ({ containerPort, address, port }) =>
      [containerPort, { HostIp: address, HostPort: port ? String(port) : '' }] as const,
  );
  const actual = settings.ports.flatMap(({ containerPort, address, port }) => {
    const HostPort = String(port || (process?.realPorts.get(containerPort) ?? ''));
    const addresses = address === '' ? ['0.0.0.0', '::'] : [address];
    return addresses.map((HostIp) => [containerPort, { HostIp, HostPort }] as const);
  });
  const [policy = 'no', retries = '0'] = settings.restart.split(':');
  return {
    Id: id,
    Created: iso(container.createdAt),
    Path: image.entrypoint[0] ?? '',
    Args: [...image.entrypoint.slice(1), ...settings.args],
    State: {
      Status: status,
      Running: running,
      Paused: false,
      Restarting: status === 'restarting',
      OOMKilled: false,
      Dead: false,
      Pid: status === 'running' ? 40_000 + (Number.parseInt(id.slice(0, 4), 16) % 20_000) : 0,
      ExitCode: container.exitCode,
      Error: container.error,
      StartedAt: iso(container.startedAt),
      FinishedAt: iso(container.finishedAt),
    },
    Image: image.id,
    Name: `/${settings.name}`,
    RestartCount: container.restartCount,
    Platform: 'linux',
    HostConfig: {
      Binds: settings.mounts.map(({ source, target, mode }) =>
        [source, target, mode].filter(Boolean).join(':'),
      ),
      NetworkMode: 'bridge',
      PortBindings: byPort(asked),
      RestartPolicy: { Name: policy, MaximumRetryCount: Number(retries) },
      AutoRemove: settings.removes,
    },
    Mounts: settings.mounts.map(({ kind, source, target, mode }) => ({
      Type: kind,
      ...(kind === 'volume' && { Name: source }),
      Source: kind === 'bind' ? source : `/var/lib/docker/volumes/${source}/_data`,
      Destination: target,
      Mode: mode,
      RW: mode !== 'ro',
    })),
    Config: {
      Hostname: id.slice(0, 12),
      User: settings.user ?? image.user,
      Env: settings.env,
      Image: settings.image,
      Entrypoint: image.entrypoint,
      Cmd: settings.args.length > 0 ? settings.args : null,
      Labels: { ...image.labels, ...settings.labels },
      ExposedPorts: Object.fromEntries(image.exposed.map((port) => [`${port}/tcp`, {}])),
    },
    NetworkSettings: {
      IPAddress: status === 'running' ? '172.17.0.2' : '',
      Ports: status === 'running' ? byPort(actual) : {},
    },
  };
}

export function inspectImage(image: Image): Record<string, unknown> {
  return {
    Id: image.id,
    RepoTags: [`${image.repository}:${image.tag}`],
    RepoDigests: [`${image.repository}@${image.digest}`],
    Created: '2026-03-02T09:12:44Z',
    Architecture: 'amd64',
    Os: 'linux',
    Size: image.size,
    Config: { User: image.user, Entrypoint: image.entrypoint, Labels: image.labels },
  };
}

export function imageRow(image: Image): Record<string, string> {
  return {
    Repository: image.repository,
    Tag: image.tag,
    Digest: image.digest,
    ID: image.id.slice(7, 19),
    CreatedSince: '8 months ago',
    CreatedAt: '2026-03-02 09:12:44 +0000 UTC',
    Size: humanBytes(image.size),
  };
}
