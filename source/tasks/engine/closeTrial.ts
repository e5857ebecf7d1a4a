import { Refused } from '../../core/failure.ts';
import type { CloseTrial } from '../../core/plan/action.ts';
import { previewOf } from '../../core/plan/preview.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import type { Workspace } from '../../services/workspace.ts';
import { fileOn } from './commit.ts';
import type { Executor, Look } from './executor.ts';
import { readRecords, saveRecord } from './record.ts';
import { cancelPipelines } from './runPipeline.ts';

/**
 * A trial that ends: its run counts as taken back, then its branch goes. In this order, so that an interruption leaves a branch
 * that the next look still finds; taken back the other way round, for the same reason.
 */
export function closeTrial(action: CloseTrial, gitlab: GitLab, workspace: Workspace): Executor {
  const { branch, base, message, files, run, isEnded } = action;
  const record = () => readRecords(workspace).runs.find(({ id }) => id === run);
  const isOurs = async (signal?: AbortSignal): Promise<boolean> => {
    const found = await Promise.all(files.map(({ path }) => fileOn(gitlab, path, branch, signal)));
    return files.every(({ text }, index) => found[index]?.text === text);
  };
  return {
    undoesHalf: false,
    async look(signal): Promise<Look> {
      const found = await gitlab.branch(branch, signal);
      if (!found)
        return (record()?.ended ?? 'undone') === 'undone'
          ? { state: 'after', saw: `there is no branch ${branch}` }
          : { state: 'before', saw: `the branch ${branch} is gone, and its trial is not closed` };
      const isAlone = found.parents === undefined || found.parents.includes(base);
      return isAlone && (await isOurs(signal))
        ? { state: 'before', saw: `the branch ${branch} is there` }
        : { state: 'neither', saw: `there are other commits on the branch ${branch}` };
    },
    preview: () => Promise.resolve(previewOf(action)),
    remember: () => Promise.resolve({}),
    async apply(grant, _onOutput, signal) {
      const open = await requestOf(action, gitlab, signal);
      if (open !== undefined)
        throw new Refused({
          tried: `delete the branch ${branch}`,
          saw: `!${open} was opened from it meanwhile`,
          next: [`Merge or close !${open} on GitLab, then plan again.`],
          code: 'in-use',
        });
      const tried = record();
      if (tried) await saveRecord(workspace, { ...tried, ended: 'undone' });
      if (!(await gitlab.branch(branch, signal))) return `the branch ${branch} was gone`;
      const canceled = await cancelPipelines(gitlab, grant, [branch], signal);
      await gitlab.deleteBranch(grant, branch, signal);
      return `deleted the branch ${branch}${canceled}`;
    },
    async undo(grant, _memory, _onOutput, signal) {
      const tried = record();
      if (tried) {
        const { ended: _, ...open } = tried;
        await saveRecord(workspace, isEnded ? { ...open, ended: 'done' } : open);
      }
      const { sha } = await gitlab.createCommit(grant, { branch, base, message, files }, signal);
      return `commit ${sha.slice(0, 8)} on ${branch}`;
    },
  };
}

/** The merge request that is open from a trial's branch. */
async function requestOf(
  { branch, onto }: Pick<CloseTrial, 'branch' | 'onto'>,
  gitlab: Pick<GitLab, 'mergeRequests'>,
  signal?: AbortSignal,
): Promise<number | undefined> {
  const all = await gitlab.mergeRequests({ source: branch, target: onto }, signal);
  return all.find(({ state }) => state === 'opened')?.iid;
}
