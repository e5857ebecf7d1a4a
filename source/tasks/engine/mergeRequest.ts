import { Refused } from '../../core/failure.ts';
import type { MergeRequest } from '../../core/gitlab/change.ts';
import { mergeHindrance } from '../../core/gitlab/mergeStatus.ts';
import type { OpenMergeRequest } from '../../core/plan/action.ts';
import { previewOf } from '../../core/plan/preview.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import type { Executor, Look } from './executor.ts';
import { unlessForbidden } from './forbidden.ts';
import { cancelPipelines } from './runPipeline.ts';

/** A merge request of a branch: one that is open or merged already is taken for it. */
export function openMergeRequest(action: OpenMergeRequest, gitlab: GitLab): Executor {
  const { branch, onto, title, description } = action;
  const find = async (signal?: AbortSignal): Promise<MergeRequest | undefined> => {
    const all = await gitlab.mergeRequests({ source: branch, target: onto }, signal);
    return all.find(({ state }) => state === 'opened') ?? all.find(({ state }) => state === 'merged');
  };
  return {
    undoesHalf: false,
    async look(signal): Promise<Look> {
      const found = await find(signal);
      return found
        ? { state: 'after', saw: `!${found.iid} is ${stateOf(found)}${addressOf(found)}` }
        : { state: 'before', saw: `no merge request of ${branch} is open` };
    },
    preview: () => Promise.resolve(previewOf(action)),
    remember: () => Promise.resolve({}),
    async apply(grant, _onOutput, signal) {
      const lint = await gitlab.lint({ ref: branch }, signal).catch(unlessForbidden);
      if (lint && !lint.valid)
        throw new Refused({
          tried: `open a merge request of ${branch}`,
          saw: `GitLab refuses its CI configuration: ${lint.errors.join('; ')}`,
          next: ['Take the plan back: undo.', 'Mend the configuration, then plan again.'],
          code: 'lint',
        });
      const request = { source: branch, target: onto, title, description };
      const opened = await gitlab.openMergeRequest(grant, request, signal);
      return `opened !${opened.iid}${addressOf(opened)}`;
    },
    async cannotUndo(signal) {
      const found = await find(signal);
      return found?.state === 'merged'
        ? `!${found.iid} was merged: the way revert takes the change back`
        : undefined;
    },
    async undo(grant, _memory, _onOutput, signal) {
      const found = await find(signal);
      if (found?.state === 'merged')
        throw new Refused({
          tried: `close !${found.iid}`,
          saw: 'it was merged',
          next: ['Revert the merge on GitLab.'],
          code: 'cannot-undo',
        });
      if (!found) return 'no merge request was open';
      const refs = [`refs/merge-requests/${found.iid}/head`, `refs/merge-requests/${found.iid}/merge`];
      const canceled = await cancelPipelines(gitlab, grant, refs, signal);
      await gitlab.closeMergeRequest(grant, found.iid, signal);
      return `closed !${found.iid}${canceled}`;
    },
  };
}

function stateOf({ state, mergeStatus }: MergeRequest): string {
  const hindrance = state === 'opened' ? mergeHindrance(mergeStatus) : undefined;
  return hindrance === undefined ? state : `${state}, and ${hindrance}`;
}

function addressOf({ webUrl }: MergeRequest): string {
  return webUrl ? ` ${webUrl}` : '';
}
