import { Failure } from '../../core/failure.ts';
import type { ChangedPaths } from '../../core/gitlab/changedPaths.ts';
import type { Pipeline } from '../../core/gitlab/model.ts';
import type { GitLab } from './types.ts';

const mergeRequest = /^refs\/merge-requests\/(\d+)\/(\w+)$/;

/**
 * The paths that `rules:changes` of a pipeline looked at, as GitLab's `Ci::Pipeline#modified_paths` takes them: between the
 * two ends of the push, or of its merge request since its base. Throws `Unavailable` when asking again may help.
 */
export async function readChangedPaths(
  gitlab: Pick<GitLab, 'compare' | 'mergeRequestBase'>,
  { ref, sha, tag, beforeSha }: Pick<Pipeline, 'ref' | 'sha' | 'tag' | 'beforeSha'>,
  signal?: AbortSignal,
): Promise<ChangedPaths> {
  const [, iid, kind] = mergeRequest.exec(ref) ?? [];
  if (tag || (iid === undefined && beforeSha === undefined)) return { is: 'none' };
  if (iid !== undefined && kind !== 'head')
    return unread('its commit is a merge with the target branch, which holds the changes of that, too');
  try {
    const from = iid === undefined ? beforeSha : await gitlab.mergeRequestBase(Number(iid), signal);
    if (from === undefined) return unread('GitLab does not know any more where its merge request began');
    const compared = await gitlab.compare({ from, to: sha, straight: iid === undefined }, signal);
    if (!compared) return unread(`commit ${from.slice(0, 8)} or ${sha.slice(0, 8)} is not there any more`);
    if (!compared.isWhole) return unread('GitLab does not list all paths of so large a change');
    return { is: 'known', since: from, paths: compared.paths };
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.kind !== 'unavailable') return unread(thrown.saw);
    throw thrown;
  }
}

function unread(because: string): ChangedPaths {
  return { is: 'unread', because };
}
