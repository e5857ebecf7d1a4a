import { type Command, Option } from 'commander';
import type { CiQuestion } from '../cli/ci.ts';
import type { Io } from '../cli/io.ts';
import type { SimulateOptions } from '../cli/simulate.ts';

interface CiFlags {
  readonly dir: string;
  readonly event?: string;
  readonly ref?: string;
  readonly changed?: string[];
  readonly var?: string[];
  readonly json?: boolean;
  readonly format?: string;
}

/** `ci jobs`, `ci graph`, `ci check`, `ci simulate`: a checkout's CI configuration, without a server. */
export function addCiCommands(program: Command, io: Io, done: (status: number) => void): void {
  const ci = program.command('ci').description('the CI configuration of a checkout, understood offline');
  ciCommand(ci, 'jobs', 'the jobs that an event would create, and why others would not be').action(
    async (_given: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CiFlags>();
      const { showJobs } = await import('../cli/ci.ts');
      done(await showJobs(questionOf(flags), io));
    },
  );
  ciCommand(ci, 'check', 'what is wrong in the configuration, for all events or the one given', false)
    .option('--runners <file>', 'JSON: [{"name", "tags": [], "runUntagged": true, "concurrent": 4}]')
    .action(async (_given: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CiFlags & { readonly runners?: string }>();
      const { showCheck } = await import('../cli/check.ts');
      const { eventOf } = await import('../cli/ci.ts');
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
    .action(async (_given: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CiFlags & SimulateOptions>();
      const { showSimulation } = await import('../cli/simulate.ts');
      done(await showSimulation(questionOf(flags), flags, io));
    });
  ciCommand(ci, 'graph', 'what each job waits for')
    .addOption(
      new Option('--format <format>', 'how to draw it')
        .choices(['text', 'json', 'mermaid', 'dot'])
        .default('text'),
    )
    .action(async (_given: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CiFlags>();
      const { showGraph, graphFormats } = await import('../cli/graph.ts');
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
