import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Io } from '../cli/io.ts';
import type { CommonFlags } from '../compose/flags.ts';
import { withSession } from './liveCommands.ts';
import { withJson, withTarget } from './options.ts';
import type { VerifyFlags } from './verifyRun.ts';

/** `verify [NAME]`: the plan's verification commands, here, on honey or as jobs. */
export function addVerifyCommand(
  program: Command,
  { io, version, done }: { io: Io; version: string; done: (status: number) => void },
): void {
  withJson(withTarget(program.command('verify')))
    .description('the plan’s verification commands: builds with their caches, sizes, durations, signing')
    .argument('[name]', 'nix-build, bazel-twice, disk-cache, signing or pipeline-duration; all when absent')
    .addOption(
      new Option(
        '--where <place>',
        'on this machine, on the runner’s host, or as a job of a pipeline',
      ).choices(['here', 'honey', 'ci']),
    )
    .option('--folder <path>', 'the folder of the checkout on honey')
    .option('--again', 'with --where ci: run the job again, rather than read its last log')
    .option('--timeout <seconds>', 'how long one command or job may take', wholeNumber, threeHours)
    .option('--yes', 'do it without asking')
    .action(async (name: string | undefined, _flags: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CommonFlags & VerifyFlags>();
      const { runVerify } = await import('./verifyRun.ts');
      done(await withSession({ flags, version }, (session) => runVerify({ name, flags, session, io })));
    });
}

const threeHours = 3 * 3_600;

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('must be a number of seconds');
  return value;
}
