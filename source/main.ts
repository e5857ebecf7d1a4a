import { Command, CommanderError } from 'commander';
import type { Io } from './cli/io.ts';
import type { CommonFlags } from './compose/flags.ts';
import { asFailure } from './core/failure.ts';
import { addCiCommands } from './program/ciCommands.ts';
import type { FirstPaint } from './program/firstPaint.ts';
import { addLiveCommands, runStatus } from './program/liveCommands.ts';
import { addLoginCommands } from './program/loginCommands.ts';
import { withJson, withScreen, withTarget } from './program/options.ts';
import { openOutput } from './program/output.ts';
import { addPipelineCommands } from './program/pipelineCommands.ts';
import { addSandboxCommand } from './program/sandboxCommand.ts';
import { addTaskCommand } from './program/taskCommand.ts';

/**
 * Runs one command line (`argv` as in process.argv) and gives the exit status: 0 fine, 1 findings or failed, 2 could not run.
 * `painted` is the screen that the launcher has painted while this was loaded.
 */
export async function main(argv: readonly string[], painted?: FirstPaint): Promise<number> {
  const io = openOutput();
  let status = 0;
  const program = createProgram(
    io,
    (given) => {
      status = given;
    },
    { painted, first: argv[2] },
  );
  try {
    await program.parseAsync([...argv]);
    return status;
  } catch (thrown) {
    painted?.leave();
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    const failure = asFailure(thrown, 'run huskycat-tui');
    io.stderr(`${failure.message}\n${failure.next.map((step) => `  ${step}\n`).join('')}`);
    return 2;
  }
}

/** What `--help` prints. */
export function helpText(): string {
  const nowhere: Io = { stdout: () => {}, stderr: () => {} };
  return createProgram(nowhere, () => {}).helpInformation();
}

interface ProgramOptions {
  readonly painted?: FirstPaint | undefined;
  /** The first word of the command line: `ci` needs no other command to be defined, and is waited for in hooks. */
  readonly first?: string | undefined;
}

function createProgram(
  io: Io,
  done: (status: number) => void,
  { painted, first }: ProgramOptions = {},
): Command {
  const version = process.env.HUSKYCAT_VERSION ?? 'unbuilt';
  const program = withScreen(withTarget(new Command('huskycat-tui')))
    .description('A terminal control plane for the HuskyCat build system')
    .version(version)
    .exitOverride()
    .enablePositionalOptions()
    .action(async (flags: CommonFlags) => {
      if (!process.stdout.isTTY || !process.stdin.isTTY) return done(await runStatus(flags, version, io));
      const { showScreen } = await import('./program/screen.ts');
      done(await showScreen(flags, version, painted));
    });
  if (first === 'ci') {
    addCiCommands(program, { io, version, done });
    return program;
  }
  addLiveCommands(program, { io, version, done });
  addTaskCommand(program, { io, version, done });
  addPipelineCommands(program, { io, version, done });
  withJson(program.command('journal'))
    .description('what was done, where, by which run, and how to undo it')
    .action(async (_given: unknown, command: Command) => {
      const { showJournal } = await import('./cli/journal.ts');
      const { openJournal } = await import('./services/journal.ts');
      const { pathsOf } = await import('./services/config/paths.ts');
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      const now = new Date().toISOString();
      done(await showJournal(openJournal(pathsOf().journal), { json: json === true, now }, io));
    });
  addCiCommands(program, { io, version, done });
  addLoginCommands(program, { io, version, done });
  addSandboxCommand(program, io, done);
  return program;
}
