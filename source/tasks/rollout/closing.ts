import type { CloseTrial, Commit } from '../../core/plan/action.ts';
import type { PlanStep } from '../../core/plan/plan.ts';
import { previewOf } from '../../core/plan/preview.ts';
import { closeTrial } from '../engine/closeTrial.ts';
import { type RunRecord, readRecords } from '../engine/record.ts';
import type { Planning, Preflight } from '../task.ts';

/** What ends the trials of other ways, and why one of them stays. */
export interface Closing {
  readonly steps: readonly PlanStep[];
  readonly preflight: readonly Preflight[];
}

/**
 * Steps that end this machine's earlier trials of a task: each deletes the trial's branch. A branch with other commits, or with
 * a merge request, stays.
 */
export async function closingSteps(
  { workspace, signal }: Planning,
  {
    task,
    server,
    project,
    branch,
  }: Pick<Commit, 'server' | 'project' | 'branch'> & { readonly task: string },
): Promise<Closing> {
  const { gitlab } = workspace;
  const steps: PlanStep[] = [];
  const preflight: Preflight[] = [];
  if ('off' in gitlab) return { steps, preflight };
  for (const record of readRecords(workspace).runs.filter((run) => isOpenTrial(run, task))) {
    const commit = record.plan.steps.flatMap(({ action }) => (action.kind === 'commit' ? [action] : []))[0];
    if (!commit || commit.branch === branch || commit.server !== server || commit.project !== project)
      continue;
    const action = closeOf(commit, record);
    const requests = await gitlab.service.mergeRequests(
      { source: commit.branch, target: commit.onto },
      signal,
    );
    const request = requests.find(({ state }) => state === 'opened' || state === 'merged');
    const { state, saw } = await closeTrial(action, gitlab.service, workspace).look(signal);
    if (state === 'after') continue;
    if (request || state === 'neither') {
      preflight.push({
        id: `trial-${commit.branch}`,
        title: `Earlier trial${wayOf(record)}`,
        state: 'warning',
        saw: request
          ? `it stays: !${request.iid} of ${commit.branch} is ${request.state}`
          : `it stays: ${saw}`,
      });
      continue;
    }
    steps.push(stepOf(action, record));
  }
  return { steps, preflight };
}

function isOpenTrial({ plan, direction, ended }: RunRecord, task: string): boolean {
  const isOpen = ended === undefined || ended === 'done';
  return plan.task === task && plan.target === 'trial' && direction === 'apply' && isOpen;
}

function closeOf({ kind: _, ...commit }: Commit, { id, ended }: RunRecord): CloseTrial {
  return { kind: 'close-trial', ...commit, run: id, isEnded: ended === 'done' };
}

function stepOf(action: CloseTrial, record: RunRecord): PlanStep {
  return {
    id: `close-${action.run}`,
    title: `End the trial${wayOf(record)} of ${record.startedAt.slice(0, 16).replace('T', ' ')}: delete ${action.branch}`,
    effect: 'remote',
    target: `${action.project}, branch ${action.branch}`,
    preview: previewOf(action),
    undo: { text: `Make ${action.branch} again with its commit; GitLab may run a pipeline for it.` },
    action,
  };
}

function wayOf({ plan: { option } }: RunRecord): string {
  return option === undefined ? '' : ` of ${option}`;
}
