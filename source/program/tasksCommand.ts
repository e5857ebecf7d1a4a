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
        flags.markdown && !flags.json ? markdown(session, io, signal) : list(session, flags, io);
      done(
        await withInterrupt((signal) => withSession({ flags, version }, (session) => run(session, signal))),
      );
    });
}

async function list({ monitor }: Session, { json }: CommonFlags, io: Io): Promise<number> {
  const [{ showTasks }] = await Promise.all([import('../cli/tasks.ts'), monitor.refresh()]);
  return showTasks(monitor.snapshot(), { json: json === true, now: new Date().toISOString() }, io);
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
