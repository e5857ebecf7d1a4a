import { Command, CommanderError, Option } from 'commander';
import type { CiQuestion } from './cli/ci.ts';
import type { Io } from './cli/io.ts';
import type { SimulateOptions } from './cli/simulate.ts';
import { asFailure } from './core/failure.ts';

/** Runs one command line (`argv` as in process.argv) and gives the exit status: 0 fine, 1 findings or failed, 2 could not run. */
export async function main(argv: readonly string[]): Promise<number> {
  const io = {
    stdout: (text: string) => void process.stdout.write(text),
    stderr: (text: string) => void process.stderr.write(text),
  };
  let status = 0;
  const program = new Command('huskycat-tui')
    .description('A terminal control plane for the HuskyCat build system')
    .version(process.env.HUSKYCAT_VERSION ?? 'unbuilt')
    .exitOverride()
    .action(() => program.outputHelp());
  program
    .command('journal')
    .description('what was done, where, by which run, and how to undo it')
    .option('--json', 'one JSON object instead of text')
    .action(async (options: { json?: boolean }) => {
      const { showJournal } = await import('./cli/journal.ts');
      const { openJournal } = await import('./services/journal.ts');
      const { pathsOf } = await import('./services/config/paths.ts');
      const now = new Date().toISOString();
      status = await showJournal(openJournal(pathsOf().journal), { json: options.json === true, now }, io);
    });
  addCiCommands(program, io, (given) => {
    status = given;
  });
  try {
    await program.parseAsync([...argv]);
    return status;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    const failure = asFailure(thrown, 'run huskycat-tui');
    io.stderr(`${failure.message}\n${failure.next.map((step) => `  ${step}\n`).join('')}`);
    return 2;
  }
}

interface CiFlags {
  readonly dir: string;
  readonly event?: string;
  readonly ref?: string;
  readonly changed?: string[];
  readonly var?: string[];
  readonly json?: boolean;
  readonly format?: string;
}

function addCiCommands(program: Command, io: Io, done: (status: number) => void): void {
  const ci = program.command('ci').description('the CI configuration of a checkout, understood offline');
  ciCommand(ci, 'jobs', 'the jobs that an event would create, and why others would not be').action(
    async (flags: CiFlags) => {
      const { showJobs } = await import('./cli/ci.ts');
      done(await showJobs(questionOf(flags), io));
    },
  );
  ciCommand(ci, 'check', 'what is wrong in the configuration, for all events or the one given', false)
    .option('--runners <file>', 'JSON: [{"name", "tags": [], "runUntagged": true, "concurrent": 4}]')
    .action(async (flags: CiFlags & { readonly runners?: string }) => {
      const { showCheck } = await import('./cli/check.ts');
      const { eventOf } = await import('./cli/ci.ts');
      const { event, ...question } = questionOf(flags);
      const limits = {
        ...(flags.event === undefined ? {} : { event: eventOf(event) }),
        ...(flags.runners === undefined ? {} : { runners: flags.runners }),
      };
      done(await showCheck({ ...question, ...limits }, io));
    });
  ciCommand(ci, 'simulate', 'how long the pipeline would take, and what it would wait for')
    .option('--durations <file>', 'JSON: {"job name": seconds}')
    .option('--runners <file>', 'JSON: [{"name", "tags": [], "runUntagged": true, "concurrent": 4}]')
    .action(async (flags: CiFlags & SimulateOptions) => {
      const { showSimulation } = await import('./cli/simulate.ts');
      done(await showSimulation(questionOf(flags), flags, io));
    });
  ciCommand(ci, 'graph', 'what each job waits for')
    .addOption(
      new Option('--format <format>', 'how to draw it')
        .choices(['text', 'json', 'mermaid', 'dot'])
        .default('text'),
    )
    .action(async (flags: CiFlags) => {
      const { showGraph, graphFormats } = await import('./cli/graph.ts');
      const format = flags.json ? 'json' : (graphFormats.find((known) => known === flags.format) ?? 'text');
      done(await showGraph(questionOf(flags), format, io));
    });
}

function ciCommand(parent: Command, name: string, description: string, pushByDefault = true): Command {
  const collect = (value: string, before: string[] = []): string[] => [...before, value];
  return parent
    .command(name)
    .description(description)
    .addOption(new Option('--dir <path>', 'the checkout').env('HUSKYCAT_DIR').default('.'))
    .addOption(
      new Option('--event <event>', 'push, merge_request, tag, schedule or web').default(
        pushByDefault ? 'push' : undefined,
      ),
    )
    .option('--ref <name>', 'a branch, or a tag for the event tag; the source branch of a merge request')
    .option('--changed <path>', 'a path that changed; repeat for more', collect)
    .option('--var <key=value>', 'a variable of the pipeline; repeat for more', collect)
    .option('--json', 'one JSON object instead of text');
}

function questionOf(flags: CiFlags): CiQuestion {
  return {
    dir: flags.dir,
    event: flags.event ?? 'push',
    variables: flags.var ?? [],
    json: flags.json === true,
    now: new Date().toISOString(),
    ...(flags.ref === undefined ? {} : { ref: flags.ref }),
    ...(flags.changed ? { changed: flags.changed } : {}),
  };
}
