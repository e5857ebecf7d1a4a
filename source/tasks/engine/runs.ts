import { NeedsUser } from '../../core/failure.ts';
import { resumeRun } from './apply.ts';
import type { Run } from './events.ts';
import { type Records, type RunRecord, readRecords } from './record.ts';
import type { RunOptions } from './session.ts';
import { undoRun } from './undo.ts';

/** The run to resume: the one named, or the newest of the task that was interrupted. Throws `NeedsUser` when there is none. */
export function runToResume(options: Pick<RunOptions, 'workspace'>, task: string, id?: string): RunRecord {
  return found(
    readRecords(options.workspace),
    { task, id, verb: 'resume' },
    ({ ended }) => ended === undefined,
  );
}

/** The run to take back: the one named, or the newest of the task that was interrupted or done. */
export function runToUndo(options: Pick<RunOptions, 'workspace'>, task: string, id?: string): RunRecord {
  const isUndoable = ({ ended }: RunRecord): boolean => ended === undefined || ended === 'done';
  return found(readRecords(options.workspace), { task, id, verb: 'undo' }, isUndoable);
}

/** Goes on with an interrupted run the way it went: forwards, or back. */
export function goOn(record: RunRecord, options: RunOptions): Run {
  return record.direction === 'undo' ? undoRun(record, options) : resumeRun(record, options);
}

function found(
  { runs, damaged }: Records,
  { task, id, verb }: { task: string; id: string | undefined; verb: string },
  fits: (run: RunRecord) => boolean,
): RunRecord {
  const fitting = runs.filter((run) => run.plan.task === task && fits(run));
  const run = id === undefined ? fitting.at(-1) : fitting.find((one) => one.id === id);
  if (run) return run;
  const unread = damaged.length > 0 ? `; what was kept in ${damaged.join(', ')} cannot be read` : '';
  throw new NeedsUser({
    tried: `${verb} ${task}`,
    saw: `there is no run of it to ${verb}${unread}`,
    next: ['See what was done: huskycat-tui journal', `Or begin: huskycat-tui task ${task} plan`],
    code: 'no-run',
  });
}
