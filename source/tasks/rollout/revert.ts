import { NeedsUser, Refused } from '../../core/failure.ts';
import type { Commit } from '../../core/plan/action.ts';
import { plain } from '../../core/text/safe.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import { fileOn } from '../engine/commit.ts';
import { planFor } from '../engine/planFor.ts';
import { readRecords } from '../engine/record.ts';
import { changeSteps, type TitledChange } from '../engine/steps.ts';
import type { Planned, Planning, TaskOption } from '../task.ts';

export const revertOption = 'revert';

/** The way back from a change that was merged, where there is one: offered last. */
export async function offerRevert(
  { workspace, signal }: Omit<Planning, 'choice'>,
  task: string,
): Promise<readonly TaskOption[]> {
  const { gitlab } = workspace;
  if ('off' in gitlab) return [];
  const merged = await mergedCommit(workspace, gitlab.service, task, signal);
  if (!merged) return [];
  return [
    {
      name: revertOption,
      title: 'Take the merged change back',
      tradeOff: 'Puts the files back as they were before, where nobody changed them since.',
      possible: true,
      because: `!${merged.iid} was merged`,
      recommended: false,
    },
  ];
}

/** Plans the files as they were before the task's merged commit. */
export async function planRevert(planning: Planning, task: string): Promise<Planned> {
  const { workspace, signal } = planning;
  const { gitlab } = workspace;
  const merged = 'off' in gitlab ? undefined : await mergedCommit(workspace, gitlab.service, task, signal);
  if ('off' in gitlab || !merged)
    throw new NeedsUser({
      tried: `take ${task} back`,
      saw: 'no merge request of it was merged, as far as this machine knows',
      next: ['What is not merged is taken back by undo.'],
      code: 'nothing-merged',
    });
  const { commit, iid } = merged;
  const changes: TitledChange[] = [];
  for (const { path, text } of commit.files) {
    const original = (await fileOn(gitlab.service, path, commit.base, signal))?.text;
    if (original === undefined) continue;
    changes.push({
      path,
      title: `Put ${path} back as it was`,
      change: (now) => backTo(original, text, { now, path }),
    });
  }
  const title = `Revert "${commit.message.split('\n')[0] ?? task}"`;
  const steps = await changeSteps({
    planning,
    task: `${task}-revert`,
    changes,
    title,
    description: `This takes !${iid} back: the files are as they were before it.`,
  });
  return { plan: planFor(planning, { task, steps }), preflight: [] };
}

function backTo(
  original: string,
  changed: string,
  { now, path }: { readonly now: string | undefined; readonly path: string },
): string {
  if (now === changed || now === original) return original;
  throw new Refused({
    tried: `put ${plain(path)} back as it was`,
    saw: 'it has been changed since',
    next: ['Take the change back by hand, or revert the merge request on GitLab.'],
    code: 'changed-since',
  });
}

/** The commit of the task's newest run that is merged. */
async function mergedCommit(
  workspace: Planning['workspace'],
  gitlab: GitLab,
  task: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly commit: Commit; readonly iid: number } | undefined> {
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
