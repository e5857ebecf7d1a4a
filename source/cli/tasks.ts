import type { Snapshot } from '../monitor/snapshot.ts';
import { type AnswerOptions, evidenceText, printJson, printLines, rungText, statusOf } from './answer.ts';
import type { Io } from './io.ts';
import { table } from './table.ts';

/** `tasks`: the thirteen tasks of the plan, where their evidence puts them. Gives the exit status. */
export function showTasks(snapshot: Snapshot, { json, now }: AnswerOptions, io: Io): number {
  const { tasks, checkout } = snapshot;
  const status = statusOf([checkout], []);
  if (json) {
    printJson(io, 'tasks', now, { tasks });
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
