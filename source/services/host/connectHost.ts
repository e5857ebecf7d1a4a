import { randomBytes } from 'node:crypto';
import { type Part, viewFailure } from '../../core/datum.ts';
import { asFailure, type Failure, isAbort } from '../../core/failure.ts';
import { containersOf, engineOf } from '../../core/host/engines.ts';
import type { Disk, Engine, HostState } from '../../core/host/model.ts';
import { parsePorts } from '../../core/host/ports.ts';
import {
  diskScript,
  dockerScript,
  podmanScript,
  systemScript,
  tailscaleScript,
} from '../../core/host/scripts.ts';
import { failed, notUnderstood, parseSections, partOf, type Section } from '../../core/host/sections.ts';
import { clockSkewOf, parseDisk, parseKernel, parseLoad } from '../../core/host/system.ts';
import { tailscaleOf } from '../../core/host/tailscale.ts';
import type { Shell } from '../ssh/types.ts';
import type { Host } from './types.ts';

export interface HostOptions {
  /** Connects; a failed try may be made again. */
  readonly open: (signal?: AbortSignal) => Promise<Shell>;
  /** As ssh takes it. */
  readonly destination: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds that each part may take, 10 s when absent: a hanging docker or mount costs only its own part. */
  readonly timeout?: number;
}

/** Reads a host with five scripts at once over one connection, so that a look takes about one round trip. */
export function connectHost({ open, destination, now, timeout = 10_000 }: HostOptions): Host {
  let opening: Promise<{ readonly shell: Shell; readonly latency: number }> | undefined;
  let closed = false;

  const connected = async (signal?: AbortSignal): Promise<{ shell: Shell; latency: number }> => {
    for (;;) {
      const mine = opening ?? start(signal);
      try {
        return await mine;
      } catch (thrown) {
        if (opening === mine) opening = undefined;
        // Another caller's abort is no answer to this one.
        if (!isAbort(thrown) || signal?.aborted) throw thrown;
      }
    }
  };
  const start = (signal?: AbortSignal) => {
    const since = now();
    closed = false;
    opening = open(signal).then((shell) => {
      if (closed) shell.close();
      return { shell, latency: (now() - since) / 1000 };
    });
    return opening;
  };

  return {
    destination,
    async look({ paths }, signal) {
      const { shell, latency } = await connected(signal);
      const state = await lookAt(shell, ['/', ...paths.filter((path) => path !== '/')], {
        now,
        timeout,
        signal,
      });
      return { destination, local: shell.local, address: shell.address, latency, ...state };
    },
    shell: async (signal) => (await connected(signal)).shell,
    close() {
      closed = true;
      opening?.then(
        ({ shell }) => shell.close(),
        () => {},
      );
      opening = undefined;
    },
  };
}

type Looked = Omit<HostState, 'destination' | 'local' | 'address' | 'latency'>;
type Script = Part<readonly Section[]>;

interface LookOptions {
  readonly now: () => number;
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

async function lookAt(
  shell: Shell,
  paths: readonly string[],
  { now, timeout, signal }: LookOptions,
): Promise<Looked> {
  const failures: Failure[] = [];
  const ask = async (script: string, args: readonly string[] = [], isLast = false): Promise<Script> => {
    const mark = randomBytes(12).toString('hex');
    try {
      const { stdout } = await shell.read(['sh', '-c', script, 'sh', mark, ...args], {
        timeout,
        ...(signal ? { signal } : {}),
      });
      return { value: parseSections(stdout, mark) };
    } catch (thrown) {
      if (isAbort(thrown)) throw thrown;
      const failure = asFailure(thrown, `look at ${shell.destination}`);
      // A connection that died while nobody looked is found out by the first command; reading may be done again.
      if (failure.code === 'connection-lost' && !isLast) return ask(script, args, true);
      failures.push(failure);
      return failed(viewFailure(failure));
    }
  };
  const before = now();
  const system = ask(systemScript).then((part) => ({ part, after: now() }));
  const [{ part: base, after }, disks, docker, podman, tailscale] = await Promise.all([
    system,
    ask(diskScript, paths),
    ask(dockerScript),
    ask(podmanScript),
    ask(tailscaleScript),
  ]);
  const [first] = failures;
  if (first && failures.length === 5) throw first;
  const engines = [engineIn('docker', docker), engineIn('podman', podman)].filter((one) => one !== undefined);
  const clock = 'value' in base ? sectionOf(base.value, 'clock') : undefined;
  const skew = clock?.status === 0 ? clockSkewOf(clock.text, before, after) : undefined;
  return {
    kernel: within(base, 'kernel', 'uname -srm', parseKernel),
    load: within(base, 'load', 'cat /proc/loadavg', parseLoad),
    ports: within(base, 'ports', 'ss -ltn', parsePorts),
    disks: 'failure' in disks ? disks : disksOf(paths, disks.value),
    engines: engines.map(({ engine }) => engine),
    containers: containersOf(engines.map((one) => one.containers)),
    tailscale: 'failure' in tailscale ? tailscale : tailscaleOf(tailscale.value),
    ...(skew === undefined ? {} : { clockSkew: skew }),
  };
}

function within<T>(
  script: Script,
  name: string,
  tried: string,
  parse: (text: string) => T | undefined,
): Part<T> {
  return 'failure' in script ? script : partOf(tried, sectionOf(script.value, name), parse);
}

function sectionOf(sections: readonly Section[], name: string): Section | undefined {
  return sections.find((section) => section.name === name);
}

/** A path that cannot be measured is left out; only when none can, the part fails. */
function disksOf(paths: readonly string[], sections: readonly Section[]): Part<readonly Disk[]> {
  const disks = paths.flatMap((path, index) => {
    const section = sections[index];
    const disk = section?.status === 0 ? parseDisk(path, section.text) : undefined;
    return disk ? [disk] : [];
  });
  return disks.length > 0 ? { value: disks } : notUnderstood('df -Pk /', sections[0]);
}

function engineIn(name: Engine['name'], script: Script): ReturnType<typeof engineOf> {
  if ('value' in script) return engineOf(name, script.value);
  return { engine: { name, version: script }, containers: script };
}
