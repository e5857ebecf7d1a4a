import { type Command, InvalidArgumentError } from 'commander';
import type { Io } from '../cli/io.ts';

/** `sandbox`: the embedded world alone; prints its addresses as one JSON line and runs until it is stopped. */
export function addSandboxCommand(program: Command, io: Io, done: (status: number) => void): void {
  program
    .command('sandbox')
    .description('the embedded world alone; prints its addresses as one JSON line, runs until stopped')
    .option('--speed <n>', 'seconds of the world in one second here', positive, 60)
    .option('--port-base <n>', 'the first of five ports', positive)
    .action(async (flags: { speed: number; portBase?: number }) => {
      const { startSandbox } = await import('../sandbox/start.ts');
      const sandbox = await startSandbox({ ...flags, mergesProposals: true });
      io.stdout(`${JSON.stringify(sandbox.addresses)}\n`);
      await new Promise<void>((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
      });
      await sandbox.stop();
      done(0);
    });
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number above 0');
  return value;
}
