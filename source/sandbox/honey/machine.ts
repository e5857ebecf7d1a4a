import type { Engine } from './docker/engine.ts';
import type { FileSystem, User } from './fileSystem.ts';
import type { Program } from './shell/context.ts';
import type { UnitManager } from './units/manager.ts';

/** A mounted file system. */
export interface Mount {
  readonly device: string;
  readonly path: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  readonly used: number;
}

/** Something that listens on a TCP port of honey, beside its containers. */
export interface Listener {
  readonly address: string;
  readonly port: number;
  readonly process: string;
  readonly pid: number;
}

/** Honey as its programs see it. */
export interface Machine {
  readonly hostname: string;
  readonly kernel: string;
  readonly architecture: string;
  readonly processors: number;
  readonly loads: readonly [one: number, five: number, fifteen: number];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly bootedAt: number;
  readonly tailnetAddress: string;
  readonly mounts: readonly Mount[];
  readonly listeners: readonly Listener[];
  readonly users: readonly User[];
  readonly files: FileSystem;
  readonly docker: Engine;
  /** Of the user who logs in: Podman without root. Only where it is installed. */
  readonly podman: Engine;
  /** The systemd of the machine, and that of the user who logs in. */
  readonly units: UnitManager;
  readonly userUnits: UnitManager;
  /** By name; what is not here is not found. */
  readonly programs: ReadonlyMap<string, Program>;
}

/** The mount that a path is on. */
export function mountOf(machine: Machine, path: string): Mount | undefined {
  const within = machine.mounts.filter(
    (mount) => mount.path === '/' || path === mount.path || path.startsWith(`${mount.path}/`),
  );
  return within.sort((a, b) => b.path.length - a.path.length)[0];
}
