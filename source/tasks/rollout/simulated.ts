import type { PipelineEvent } from '../../core/ci/model.ts';
import { NeedsUser } from '../../core/failure.ts';
import { usualDuration } from '../../core/pipeline/history.ts';
import type { RunnerSpec } from '../../core/pipeline/runners.ts';
import type { Change } from '../../core/pipeline/whatIf.ts';
import { plain } from '../../core/text/safe.ts';
import { chosen } from '../chosen.ts';
import type { Planning, Task } from '../task.ts';
import { pipelineChanges } from './changes.ts';
import { readPast } from './past.ts';
import { isCiTask } from './task.ts';
import { workOut } from './workOut.ts';

/** What a task would do to one event's pipeline, for the simulation. */
export interface SimulatedTask {
  readonly changes: readonly Change[];
  /** What is taken for granted, a line each. */
  readonly assumptions: readonly string[];
  /** The median of each job that is known to have run, seconds; and the runners, where GitLab tells. */
  readonly durations: Readonly<Record<string, number>>;
  readonly runners?: readonly RunnerSpec[];
}

/**
 * Works a task's change out and tells it as changes of the pipeline. Throws `NeedsUser` for a task that changes no pipeline, and
 * for a change that is refused.
 */
export async function simulateTask(
  task: Task,
  planning: Planning,
  event: PipelineEvent,
): Promise<SimulatedTask> {
  const tried = `simulate ${task.name}`;
  if (!isCiTask(task))
    throw new NeedsUser({
      tried,
      saw: 'it changes no job of the pipeline',
      next: ['Say what it does to jobs: --change job:NAME:duration=SECONDS'],
      code: 'no-ci-task',
    });
  const choice = await chosen(task, planning);
  const changed = await task.change({ ...planning, choice });
  const worked = 'refused' in changed ? changed : await workOut(planning, changed);
  if ('refused' in changed || 'refused' in worked)
    throw new NeedsUser({
      tried,
      saw: 'refused' in worked ? worked.refused : '',
      next: [`See why: huskycat-tui task ${plain(task.name)} plan`],
      code: 'refused',
    });
  const effect = worked.effect.events.find((one) => one.event === event);
  const { history, fleet } = await readPast(planning);
  const names = new Set(
    [...(effect?.before.jobs ?? []), ...(effect?.after.jobs ?? [])].map(({ name }) => name),
  );
  const changes = effect ? pipelineChanges(effect, changed.durations) : [];
  const nothing = `${task.name} moves no job here, and how long its jobs take afterwards is not known`;
  return {
    changes,
    assumptions:
      changes.length === 0
        ? [nothing]
        : (changed.durations ?? []).map(({ job, because }) => `${job} afterwards: ${because}`),
    durations: Object.fromEntries(
      [...names].flatMap((name) => {
        const usual = usualDuration(history, name);
        return usual ? [[name, usual.median] as const] : [];
      }),
    ),
    ...(fleet.length > 0 ? { runners: fleet } : {}),
  };
}
