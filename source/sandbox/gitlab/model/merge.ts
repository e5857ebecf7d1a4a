import type { Commit } from '../../checkout/objects.ts';
import type { Repository } from '../../checkout/repository.ts';
import type { MergeRequest } from './mergeRequests.ts';
import type { User } from './runs.ts';

/** The world as far as a merge changes it. */
export interface Merging {
  readonly repository: Repository;
  /** How many people must approve a merge request before it can be merged. */
  readonly approvalsBeforeMerge: number;
  pushed(ref: string, commit: Commit, isTag: boolean, user: User, at: number): unknown;
}

/** Why it is not merged, in GitLab's words, and the status that it says it with. */
export class NotMerged extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Merges an open request: a commit on the target branch with both parents, and the pipeline that its push creates. A file that
 * both sides changed is a conflict.
 */
export function merge(world: Merging, request: MergeRequest, user: User, at: number): Commit {
  const { repository } = world;
  const [source, target] = [repository.find(request.source), repository.find(request.target)];
  const isApproved = request.approvedBy.length >= world.approvalsBeforeMerge;
  if (request.state !== 'opened' || !isApproved || !source || !target)
    throw new NotMerged(405, '405 Method Not Allowed');
  const base = mergeBase(repository, target, source);
  const tree = new Map(target.tree);
  const theirs = new Set(repository.changes(target, base));
  for (const path of repository.changes(source, base)) {
    if (theirs.has(path)) throw new NotMerged(406, 'Branch cannot be merged');
    const blob = source.tree.get(path);
    if (blob) tree.set(path, blob);
    else tree.delete(path);
  }
  const commit = repository.commit({
    parents: [target.sha, source.sha],
    author: { name: user.name, email: `${user.username}@tinyland.example` },
    at: Math.floor(at / 1000),
    message: `Merge branch '${request.source}' into '${request.target}'\n\n${request.title}\n\nSee merge request !${request.iid}\n`,
    tree,
  });
  repository.branches.set(request.target, commit.sha);
  request.state = 'merged';
  request.updatedAt = at;
  request.mergedAt = at;
  request.mergedBy = user;
  request.mergeCommit = commit.sha;
  world.pushed(request.target, commit, false, user, at);
  return commit;
}

/** The newest commit that both have in their first-parent history. */
export function mergeBase(repository: Repository, a: Commit, b: Commit): Commit | undefined {
  const known = new Set([...repository.log(a)].map(({ sha }) => sha));
  for (const commit of repository.log(b)) if (known.has(commit.sha)) return commit;
  return undefined;
}
