import type { Commit } from '../../core/plan/action.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import type { Workspace } from '../../services/workspace.ts';
import { readRecords } from '../engine/record.ts';

export interface Merged {
  readonly commit: Commit;
  readonly iid: number;
}

/** The commit of the task's newest run that is merged. */
export async function mergedCommit(
  workspace: Workspace,
  gitlab: GitLab,
  task: string,
  signal: AbortSignal | undefined,
): Promise<Merged | undefined> {
  const { runs } = readRecords(workspace);
  const own = runs.filter(({ plan, ended }) => plan.task === task && ended === 'done');
  for (const { plan } of own.toReversed())
    for (const { action } of plan.steps) {
      if (action.kind !== 'commit' || action.project !== gitlab.projectPath) continue;
      const query = { source: action.branch, target: action.onto };
      const found = (await gitlab.mergeRequests(query, signal)).find(({ state }) => state === 'merged');
      if (found) return { commit: action, iid: found.iid };
    }
  return undefined;
}
