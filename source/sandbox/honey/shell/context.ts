import type { User } from '../fileSystem.ts';
import type { Machine } from '../machine.ts';
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
