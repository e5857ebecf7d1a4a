import type { TaskGain } from '../../core/plan/gain.ts';
import type { Workspace } from '../../services/workspace.ts';
import { readRecords } from '../engine/record.ts';
import { triedIn } from './tried.ts';

/** What runs here predicted and tried, a task each; none for tasks without. */
export function readGains(workspace: Workspace): TaskGain[] {
  const { gitlab } = workspace;
  if ('off' in gitlab) return [];
  const { runs } = readRecords(workspace);
  return [...new Set(runs.map(({ plan }) => plan.task))].flatMap((task): TaskGain[] => {
    const tried = triedIn(runs, task, gitlab.service.projectPath);
    const newest = runs.findLast(
      ({ plan, ended }) =>
        plan.task === task && plan.predicted && ended !== 'undone' && ended !== 'unchanged',
    );
    if (!newest && tried.length === 0) return [];
    const { option, predicted = [] } = newest?.plan ?? {};
    return [
      {
        task,
        ...(option === undefined ? {} : { option }),
        ...(newest ? { at: newest.startedAt } : {}),
        predicted,
        tried,
      },
    ];
  });
}
