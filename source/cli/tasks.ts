import type { TaskGain } from '../core/plan/gain.ts';
import type { Predicted } from '../core/plan/predicted.ts';
import type { Change, JudgedPrediction } from '../core/speed/model.ts';
import type { Snapshot } from '../monitor/snapshot.ts';
import { type AnswerOptions, evidenceText, printJson, printLines, rungText, statusOf } from './answer.ts';
import type { Io } from './io.ts';
import { table } from './table.ts';

/** What is known of a task's gain, each prediction with what came of it where pipelines were read. */
export type KnownGain = Omit<TaskGain, 'predicted'> & {
  readonly predicted: readonly (Predicted | JudgedPrediction)[];
};

/** The gains of tasks with what was measured since. */
export function knownGains(gains: readonly TaskGain[], changes: readonly Change[]): KnownGain[] {
  return gains.map((gain) => {
    const judged = changes.findLast(({ task, predicted }) => task === gain.task && predicted)?.predicted;
    return { ...gain, predicted: judged ?? gain.predicted };
  });
}

/** `tasks`: the thirteen tasks of the plan, where their evidence puts them. Gives the exit status. */
export function showTasks(
  snapshot: Snapshot,
  gains: readonly KnownGain[],
  { json, now }: AnswerOptions,
  io: Io,
): number {
  const { tasks, checkout } = snapshot;
  const status = statusOf([checkout], []);
  if (json) {
    printJson(io, 'tasks', now, { tasks, gains });
    return status;
  }
  const rows = tasks.map(({ number, name, title, rung, evidence, blockedBy }) => [
    String(number).padStart(2),
    rungText(rung),
    name,
    title,
    blockedBy.length > 0 ? `after ${blockedBy.join(', ')}` : evidenceText(evidence, now),
  ]);
  printLines(io, table(rows));
  return status;
}
