import { Command, CommanderError } from 'commander';
import type { Io } from './cli/io.ts';
import type { CommonFlags } from './compose/flags.ts';
import { NeedsUser } from './core/failure.ts';
import { plain } from './core/text/safe.ts';
import { addCiCommands } from './program/ciCommands.ts';
import { addConfigCommand } from './program/configCommand.ts';
import { addLiveCommands, runStatus } from './program/liveCommands.ts';
import { addLoginCommands } from './program/loginCommands.ts';
import { withJson, withScreen, withTarget } from './program/options.ts';
import { openOutput, sayFailure } from './program/output.ts';
import { addPipelineCommands } from './program/pipelineCommands.ts';
import { addSandboxCommand } from './program/sandboxCommand.ts';
import { addSpeedCommand } from './program/speedCommand.ts';
import { addTaskCommand } from './program/taskCommand.ts';
import { addTasksCommand } from './program/tasksCommand.ts';
import { addVerifyCommand } from './program/verifyCommand.ts';

/** Runs one command line (`argv` as in process.argv) and gives the exit status: 0 fine, 1 findings or failed, 2 could not run. */
export async function main(argv: readonly string[]): Promise<number> {
  const io = openOutput();
  let status = 0;
  const done = (given: number): void => {
    status = given;
  };
  try {
    await createProgram(io, done, argv[2]).parseAsync([...argv]);
    return status;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    return sayFailure(thrown, io);
  }
}

/** What `--help` prints. */
export function helpText(): string {
  const nowhere: Io = { stdout: () => {}, stderr: () => {} };
  return createProgram(nowhere, () => {}).helpInformation();
}

/** `first` is the first word of the command line: `ci` needs no other command to be defined, and is waited for in hooks. */
function createProgram(io: Io, done: (status: number) => void, first?: string): Command {
  const version = process.env.HUSKYCAT_VERSION ?? 'unbuilt';
  const program = withScreen(withTarget(new Command('huskycat-tui')))
    .description('A terminal control plane for the HuskyCat build system')
    .version(version)
    .exitOverride()
    .enablePositionalOptions()
    .allowExcessArguments()
    .action(async (flags: CommonFlags, { args: [word] }: Command) => {
      if (word !== undefined) throw unknownCommand(word);
      if (!process.stdout.isTTY || !process.stdin.isTTY) return done(await runStatus(flags, version, io));
      const { showScreen } = await import('./program/screen.ts');
      done(await showScreen(flags, version));
    });
  if (first === 'ci') {
    addCiCommands(program, { io, version, done });
    return program;
  }
  addLiveCommands(program, { io, version, done });
  addTasksCommand(program, { io, version, done });
  addTaskCommand(program, { io, version, done });
  addVerifyCommand(program, { io, version, done });
  addPipelineCommands(program, { io, version, done });
  addSpeedCommand(program, { io, version, done });
  addConfigCommand(program, { io, done });
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

function unknownCommand(word: string): NeedsUser {
  return new NeedsUser({
    tried: 'run huskycat-tui',
    saw: `no command is named ${plain(word)}`,
    next: ['See: huskycat-tui --help'],
    code: 'usage',
  });
}
