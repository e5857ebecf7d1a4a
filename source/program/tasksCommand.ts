import type { Command } from 'commander';
import type { Io } from '../cli/io.ts';
import type { Speed } from '../cli/tasksMarkdown.ts';
import type { CommonFlags } from '../compose/flags.ts';
import type { Session } from '../compose/session.ts';
import { asFailure, isAbort } from '../core/failure.ts';
import { withInterrupt } from './gitlab.ts';
import { withSession } from './liveCommands.ts';
import { withJson, withTarget } from './options.ts';

/** `tasks`: the plan's tasks, where their evidence puts them; or the plan's status section. */
export function addTasksCommand(
  program: Command,
  { io, version, done }: { io: Io; version: string; done: (status: number) => void },
): void {
  withJson(withTarget(program.command('tasks')))
    .description('the tasks of the build plan, where their evidence puts them')
    .option('--markdown', 'the plan’s status section, with what was measured')
    .action(async (_given: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CommonFlags & { markdown?: boolean }>();
      const run = (session: Session, signal: AbortSignal): Promise<number> =>
        flags.markdown && !flags.json ? markdown(session, io, signal) : list(session, flags, io, signal);
      done(
        await withInterrupt((signal) => withSession({ flags, version }, (session) => run(session, signal))),
      );
    });
}

async function list(
  session: Session,
  { json = false }: CommonFlags,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const { monitor } = session;
  const [{ showTasks, knownGains }] = await Promise.all([import('../cli/tasks.ts'), monitor.refresh()]);
  const gains = json ? await gainsOf(session, knownGains, signal) : [];
  return showTasks(monitor.snapshot(), gains, { json, now: new Date().toISOString() }, io);
}

/** Pipelines are read only where there is a prediction to hold against them. */
async function gainsOf(
  session: Session,
  known: typeof import('../cli/tasks.ts').knownGains,
  signal: AbortSignal,
): Promise<ReturnType<typeof known>> {
  const { readGains } = await import('../tasks/rollout/gains.ts');
  const gains = readGains(session.workspace);
  if (gains.every(({ predicted }) => predicted.length === 0)) return known(gains, []);
  const speed = await measured(session, signal);
  return known(gains, 'report' in speed ? speed.report.changes : []);
}

async function markdown(session: Session, io: Io, signal: AbortSignal): Promise<number> {
  const { monitor } = session;
  const [{ showTasksMarkdown }] = await Promise.all([import('../cli/tasksMarkdown.ts'), monitor.refresh()]);
  const speed = await measured(session, signal);
  return showTasksMarkdown(monitor.snapshot(), speed, new Date().toISOString(), io);
}

/** The section is worth having also where nothing can be measured. */
async function measured({ workspace, monitor }: Session, signal: AbortSignal): Promise<Speed> {
  const { readSpeed } = await import('../monitor/speed.ts');
  try {
    return { report: await readSpeed(workspace, monitor.snapshot(), { days: 30 }, signal) };
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    const { tried, saw } = asFailure(thrown, 'measure pipelines');
    return { because: `${tried}: ${saw}` };
  }
}
