import { randomBytes } from 'node:crypto';
import type { Store } from '../../bazelRemote/store.ts';
import { type FileSystem, superuser } from '../fileSystem.ts';
import { runBazelRemote, type Started } from './bazelRemoteProcess.ts';
import { type Container, type ContainerSettings, DaemonError } from './container.ts';
import { type Image, runnerImage } from './images.ts';

/** A port of honey that a running container serves. */
export interface Published {
  /** Empty for all addresses. */
  readonly address: string;
  readonly port: number;
  /** Where it really is, on this machine's loopback. */
  readonly realPort: number;
}

/** A Docker daemon: its images, volumes and containers, whose programs run in this process. */
export interface Engine {
  readonly images: Image[];
  readonly volumes: Set<string>;
  containers(): readonly Container[];
  /** By name, id or the beginning of an id. */
  find(name: string): Container | undefined;
  create(settings: ContainerSettings, image: Image): Container;
  /** Throws `DaemonError`; the container stays, created. */
  start(container: Container): Promise<void>;
  /** Ends its program: politely, or with a signal that it cannot catch. */
  stop(container: Container, isKilled?: boolean): Promise<void>;
  remove(container: Container): void;
  published(): readonly Published[];
  /** Ends all programs. */
  shutDown(): Promise<void>;
}

export interface EngineOptions {
  readonly files: FileSystem;
  readonly now: () => number;
  /** Ports that other programs of honey hold. */
  readonly takenPorts: readonly number[];
  /** Addresses of honey. */
  readonly addresses: readonly string[];
}

export function createEngine({ files, now, takenPorts, addresses }: EngineOptions): Engine {
  const containers: Container[] = [];
  const stores = new Map<string, Store>();
  const volumes = new Set<string>();
  let isDown = false;

  function publishedBy(container: Container): Published[] {
    if (container.status !== 'running' || !container.process) return [];
    const { realPorts } = container.process;
    return container.settings.ports.flatMap(({ containerPort, address, port }) => {
      const realPort = realPorts.get(containerPort);
      return realPort === undefined ? [] : [{ address, port: port || realPort, realPort }];
    });
  }

  function checkPorts(container: Container): void {
    const name = `${container.settings.name} (${container.id})`;
    const fail = (text: string): never => {
      throw new DaemonError(`driver failed programming external connectivity on endpoint ${name}: ${text}`);
    };
    const held = containers.filter((one) => one !== container).flatMap(publishedBy);
    for (const { address, port } of container.settings.ports) {
      const shown = `${address || '0.0.0.0'}:${port}`;
      if (address && !addresses.includes(address))
        fail(`Error starting userland proxy: listen tcp4 ${shown}: bind: cannot assign requested address`);
      if (held.some((one) => one.port === port)) fail(`Bind for ${shown} failed: port is already allocated`);
      if (takenPorts.includes(port))
        fail(`Error starting userland proxy: listen tcp4 ${shown}: bind: address already in use`);
    }
  }

  async function launch(container: Container): Promise<void> {
    const started = await program(container);
    if ('process' in started) {
      if (container.isStopped || isDown) return started.process.stop();
      Object.assign(container, {
        process: started.process,
        status: 'running',
        startedAt: now(),
        exitCode: 0,
      });
    } else ended(container, started.exitCode);
  }

  async function program(container: Container): Promise<Started> {
    if (container.image.behaviour === 'bazel-remote') return runBazelRemote(container, files, stores, now);
    if (container.image.behaviour === 'hello') {
      container.logs.push({ at: now(), stream: 'stdout', text: 'Hello from Docker!' });
      return { exitCode: 0 };
    }
    return { process: { realPorts: new Map(), stop: async () => {} } };
  }

  /** A program has ended by itself: the policy decides, and waits twice as long each time. */
  function ended(container: Container, exitCode: number): void {
    Object.assign(container, {
      exitCode,
      finishedAt: now(),
      startedAt: container.startedAt || now(),
      process: undefined,
    });
    const { restart } = container.settings;
    const again =
      restart === 'always' ||
      restart === 'unless-stopped' ||
      (restart.startsWith('on-failure') && exitCode !== 0);
    if (!again || container.isStopped || isDown) {
      container.status = 'exited';
      return;
    }
    container.status = 'restarting';
    const delay = Math.min(100 * 2 ** container.restartCount, 60_000);
    container.retry = setTimeout(() => {
      container.restartCount++;
      launch(container).catch((cause: Error) => {
        Object.assign(container, { status: 'exited', exitCode: 128, error: cause.message });
      });
    }, delay);
    container.retry.unref();
  }

  function create(settings: ContainerSettings, image: Image): Container {
    const id = randomBytes(32).toString('hex');
    for (const mount of settings.mounts) {
      if (mount.kind === 'volume') volumes.add(mount.source);
      else bindDirectory(files, mount.source);
    }
    const container: Container = {
      id,
      settings,
      image,
      createdAt: now(),
      status: 'created',
      exitCode: 0,
      error: '',
      startedAt: 0,
      finishedAt: 0,
      restartCount: 0,
      isStopped: false,
      logs: [],
    };
    containers.unshift(container);
    return container;
  }

  async function stop(container: Container, isKilled = false): Promise<void> {
    container.isStopped = true;
    clearTimeout(container.retry);
    const { process, status } = container;
    if (status !== 'running' && status !== 'restarting') return;
    await process?.stop();
    const exitCode = isKilled ? 137 : status === 'running' ? 0 : container.exitCode;
    Object.assign(container, { process: undefined, status: 'exited', finishedAt: now(), exitCode });
  }

  const engine: Engine = {
    images: [runnerImage],
    volumes,
    containers: () => containers,
    find: (name) =>
      containers.find((one) => one.settings.name === name.replace(/^\//, '')) ??
      containers.find((one) => name.length >= 4 && one.id.startsWith(name)),
    create,
    async start(container) {
      if (container.status === 'running') return;
      clearTimeout(container.retry);
      Object.assign(container, { isStopped: false, restartCount: 0, error: '' });
      try {
        checkPorts(container);
        await launch(container);
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        Object.assign(container, { exitCode: 128, error: message });
        throw cause;
      }
    },
    stop,
    remove(container) {
      const at = containers.indexOf(container);
      if (at >= 0) containers.splice(at, 1);
      stores.delete(container.id);
    },
    published: () => containers.flatMap(publishedBy),
    async shutDown() {
      isDown = true;
      for (const container of containers) await stop(container);
    },
  };
  return engine;
}

/** Docker makes a missing directory, as root. */
function bindDirectory(files: FileSystem, path: string): void {
  const parts = path.split('/').filter(Boolean);
  for (const index of parts.keys()) {
    const one = `/${parts.slice(0, index + 1).join('/')}`;
    if (!files.exists(one)) files.makeDirectory(one, superuser);
  }
}
