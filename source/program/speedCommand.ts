import { type Command, InvalidArgumentError } from 'commander';
import type { Io } from '../cli/io.ts';
import type { CommonFlags } from '../compose/flags.ts';
import { withInterrupt } from './gitlab.ts';
import { withSession } from './liveCommands.ts';
import { withJson, withTarget } from './options.ts';

interface SpeedFlags extends CommonFlags {
  readonly ref?: string;
  readonly window: number;
  readonly markdown?: boolean;
}

/** `speed`: the plan's promises next to what the pipelines show. */
export function addSpeedCommand(
  program: Command,
  { io, version, done }: { io: Io; version: string; done: (status: number) => void },
): void {
  withJson(withTarget(program.command('speed')))
    .description('baseline, expectation and what was measured, before and after each change; cost')
    .option('--ref <name>', 'only pipelines of a branch or tag')
    .option('--window <days>', 'how far back to look', positive, 30)
    .option('--markdown', 'a report for a merge request')
    .option('--price-minute <amount>', 'price of a runner’s minute (HUSKYCAT_PRICE_MINUTE)')
    .option('--price-gb <amount>', 'price of a gigabyte for a month (HUSKYCAT_PRICE_GB)')
    .action(async (_given: unknown, command: Command) => {
      const flags = command.optsWithGlobals<SpeedFlags>();
      done(await withInterrupt((signal) => runSpeed(flags, version, io, signal)));
    });
}

async function runSpeed(flags: SpeedFlags, version: string, io: Io, signal: AbortSignal): Promise<number> {
  return withSession({ flags, version }, async ({ monitor, workspace }) => {
    const [{ readSpeed }, { showSpeed }] = await Promise.all([
      import('../monitor/speed.ts'),
      import('../cli/speed.ts'),
      monitor.refresh(['checkout', 'project', 'bazelRemote']),
    ]);
    const { ref, window } = flags;
    const query = { days: window, ...(ref === undefined ? {} : { ref }) };
    const report = await readSpeed(workspace, monitor.snapshot(), query, signal);
    return showSpeed(report, flags.json ? 'json' : flags.markdown ? 'markdown' : 'text', io);
  });
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && value <= 3_650) return value;
  throw new InvalidArgumentError('must be a number of days above 0');
}
