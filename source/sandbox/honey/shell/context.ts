import type { Engine } from '../docker/engine.ts';
import type { FileSystem, User } from '../fileSystem.ts';
import type { Listener, Mount } from '../machine.ts';
import type { UnitManager } from '../units/manager.ts';
import type { Command } from './syntax.ts';

/** Standard input, output and error of a command. */
export interface Streams {
  /** All of it, once it has ended. */
  readonly input: () => Promise<Buffer>;
  readonly out: (data: string | Uint8Array) => void;
  readonly err: (data: string | Uint8Array) => void;
}

/** What a shell remembers between commands. */
export interface ShellState {
  cwd: string;
  status: number;
  /** Set to leave the shell with that status. */
  exit?: number | undefined;
  /** Set to leave the function or loop that runs. */
  leaving?: 'return' | 'break' | 'continue' | undefined;
  readonly functions: Map<string, Command>;
  /** How many functions are within each other now. */
  depth: number;
  readonly variables: Map<string, string>;
  readonly exported: Set<string>;
  /** Of `umask`: bits that new files do not get. */
  mask: number;
  /** `$0` and what follows. */
  arguments: readonly string[];
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

export interface Execution extends Streams {
  readonly machine: Machine;
  readonly user: User;
  readonly shell: ShellState;
  readonly signal: AbortSignal;
  /** Runs a program as this one's child. */
  readonly run: (argv: readonly string[], change?: Partial<Execution>) => Promise<number>;
}

/** A program: what it does with its arguments (without its name), and its exit status. */
export type Program = (args: readonly string[], execution: Execution) => number | Promise<number>;

export const noInput = async (): Promise<Buffer> => Buffer.alloc(0);

/** Its file descriptors, for redirections of one to another. */
export type Sink = (data: string | Uint8Array) => void;
