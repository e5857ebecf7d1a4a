import { NeedsUser, Refused } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { fileOn } from '../engine/commit.ts';
import { planFor } from '../engine/planFor.ts';
import { changeSteps, type TitledChange } from '../engine/steps.ts';
import type { Planned, Planning, TaskOption } from '../task.ts';
import { mergedCommit } from './merged.ts';

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
