import { type Command, Option } from 'commander';
import type { CheckQuestion } from '../cli/check.ts';
import type { Io } from '../cli/io.ts';
import type { CiQuestion } from '../cli/question.ts';
import type { SimulateOptions, TaskAnswer } from '../cli/simulate.ts';
import type { CommonFlags } from '../compose/flags.ts';
import type { PipelineEvent } from '../core/ci/model.ts';
import { withGitLab } from './gitlab.ts';
import { withSession } from './liveCommands.ts';

interface CiFlags extends CommonFlags {
  readonly dir: string;
  readonly commit?: string;
  readonly online?: boolean;
  readonly event?: string;
  readonly ref?: string;
  readonly changed?: string[];
  readonly var?: string[];
  readonly format?: string;
}

/** `ci jobs`, `ci graph`, `ci check`, `ci needs`, `ci simulate`: a checkout's CI configuration, without a server unless it is asked for. */
export function addCiCommands(
  program: Command,
  { io, version, done }: { io: Io; version: string; done: (status: number) => void },
): void {
  const answer = async (flags: CiFlags, run: (question: CiQuestion) => Promise<number>): Promise<void> => {
    const question = questionOf(flags);
    done(
      flags.online
        ? await withGitLab(flags, version, (gitlab) => run({ ...question, gitlab }))
        : await run(question),
    );
  };
  const ci = program.command('ci').description('the CI configuration of a checkout, understood offline');
  ciCommand(ci, 'jobs', 'the jobs that an event would create, and why others would not be').action(
    async (_given: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CiFlags>();
      const { showJobs } = await import('../cli/ci.ts');
      await answer(flags, (question) => showJobs(question, io));
    },
  );
  ciCommand(ci, 'check', 'what is wrong in the configuration, for all events or the one given', false)
    .option('--runners <file>', 'JSON: [{"name", "tags": [], "runUntagged": true, "concurrent": 4}]')
    .option(
      '--base <revision>',
      'only what is new since the history left this revision, such as origin/main; and which jobs now wait for more',
    )
    .action(async (_given: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CiFlags & Pick<CheckQuestion, 'base' | 'runners'>>();
      const { showCheck } = await import('../cli/check.ts');
      const { eventOf } = await import('../cli/question.ts');
      const limits = {
        ...(flags.event === undefined ? {} : { event: eventOf(flags.event) }),
        ...(flags.runners === undefined ? {} : { runners: flags.runners }),
        ...(flags.base === undefined ? {} : { base: flags.base }),
      };
      await answer(flags, ({ event: _, ...question }) => showCheck({ ...question, ...limits }, io));
    });
  ciCommand(
    ci,
    'needs',
    'what each need is used for, and whether it can go; for all events or the one given',
    false,
  ).action(async (_given: unknown, command: Command) => {
    const flags = command.optsWithGlobals<CiFlags>();
    const { showNeeds } = await import('../cli/needs.ts');
    const { eventOf } = await import('../cli/question.ts');
    const limits = flags.event === undefined ? {} : { event: eventOf(flags.event) };
    await answer(flags, ({ event: _, ...question }) => showNeeds({ ...question, ...limits }, io));
  });
  ciCommand(ci, 'simulate', 'how long the pipeline would take, and what it would wait for')
    .option('--durations <file>', 'JSON: {"job name": seconds}')
    .option('--runners <file>', 'JSON: [{"name", "tags": [], "runUntagged": true, "concurrent": 4}]')
    .option(
      '--change <change>',
      'what to try: a task of the plan, TASK[:OPTION]; job:NAME:needs=A,B, job:NAME:stage=S, job:NAME:tags=A,B, job:NAME:duration=SECONDS, runner:NAME:tags=A,B:concurrent=N; repeat for more',
      collect,
    )
    .action(async (_given: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CiFlags & SimulateOptions>();
      const { showSimulation } = await import('../cli/simulate.ts');
      await answer(flags, (question) =>
        showSimulation(
          question,
          { ...flags, task: (text, event) => simulated(text, event, { flags, version }) },
          io,
        ),
      );
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
      await answer(flags, (question) => showGraph(question, format, io));
    });
}

/** What a task of the plan would do to an event's pipeline; undefined for a text that names none. */
async function simulated(
  text: string,
  event: PipelineEvent,
  given: { readonly flags: CiFlags; readonly version: string },
): Promise<TaskAnswer | undefined> {
  const { catalog } = await import('../tasks/catalog.ts');
  const [name = '', ...option] = text.split(':');
  const task = catalog.find((one) => one.name === name || String(one.number) === name);
  if (!task) return undefined;
  const { simulateTask } = await import('../tasks/rollout/simulated.ts');
  return withSession(given, async ({ workspace, monitor }) => {
    await monitor.refresh(['checkout', 'project', 'runners', 'pipelines', 'pipeline']);
    const known = { ...monitor.snapshot(), now: new Date(workspace.now()).toISOString() };
    const choice = {
      target: 'worktree' as const,
      settings: {},
      ...(option.length > 0 ? { option: option.join(':') } : {}),
    };
    return simulateTask(task, { workspace, known, choice }, event);
  });
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function ciCommand(parent: Command, name: string, description: string, pushByDefault = true): Command {
  return parent
    .command(name)
    .description(description)
    .addOption(new Option('--dir <path>', 'the checkout').env('HUSKYCAT_DIR').default('.'))
    .option('--commit <revision>', 'the files of a commit instead of the working tree')
    .addOption(
      new Option('--event <event>', 'push, merge_request, tag, schedule or web').default(
        pushByDefault ? 'push' : undefined,
      ),
    )
    .option('--ref <name>', 'a branch, or a tag for the event tag; the source branch of a merge request')
    .option('--changed <path>', 'a path that changed; repeat for more', collect)
    .option('--var <key=value>', 'a variable of the pipeline; repeat for more', collect)
    .option('--json', 'one JSON object instead of text')
    .option('--online', 'ask GitLab for includes that are not in the repository')
    .option('--project <group/name>', 'with --online: the GitLab project (HUSKYCAT_PROJECT)')
    .option('--host <address>', 'with --online: the GitLab server (HUSKYCAT_HOST)')
    .option('--ca-file <path>', 'with --online: PEM certificates of authorities to trust (HUSKYCAT_CA_FILE)')
    .option('--profile <name>', 'with --online: a profile of the configuration file (HUSKYCAT_PROFILE)')
    .option('--token-file <path>', 'with --online: a file that holds the token, or - for standard input');
}

function questionOf(flags: CiFlags): CiQuestion {
  return {
    dir: flags.dir,
    event: flags.event ?? 'push',
    variables: flags.var ?? [],
    json: flags.json === true,
    now: new Date().toISOString(),
    ...(flags.ref === undefined ? {} : { ref: flags.ref }),
    ...(flags.commit === undefined ? {} : { commit: flags.commit }),
    ...(flags.changed ? { changed: flags.changed } : {}),
  };
}
