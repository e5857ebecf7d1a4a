import { Unavailable } from '../../core/failure.ts';
import { type ProcessOptions, type ProcessResult, runChanging, runReading } from '../process/run.ts';
import type { CommandOptions, CommandResult } from './types.ts';

const maxBytes = 4 * 1024 * 1024;

/** Runs a command of a `Shell` on this machine. A program that is not there ends with 127, as it does in a remote shell. */
export async function readHere(
  argv: readonly [string, ...string[]],
  options: CommandOptions,
): Promise<CommandResult> {
  return missingAs127(argv[0], runReading(argv, processOptions(options)));
}

/** As `readHere`, within a write of the gate. */
export async function changeHere(
  grant: Parameters<typeof runChanging>[0],
  argv: readonly [string, ...string[]],
  options: CommandOptions,
): Promise<CommandResult> {
  return missingAs127(argv[0], runChanging(grant, argv, processOptions(options)));
}

function processOptions(options: CommandOptions): ProcessOptions {
  return { maxBytes, ...options };
}

async function missingAs127(program: string, running: Promise<ProcessResult>): Promise<CommandResult> {
  try {
    return await running;
  } catch (thrown) {
    if (!(thrown instanceof Unavailable) || thrown.code !== 'no-program') throw thrown;
    return { code: 127, exitSignal: null, stdout: '', stderr: `${program}: not found\n`, cut: false };
  }
}
