import type { Commit } from '../../checkout/objects.ts';
import { json } from '../../http/answer.ts';
import { mergeBase } from '../model/merge.ts';
import type { Context } from './context.ts';
import { flagOf, required } from './inputs.ts';
import { commitOf, projectOf } from './lookup.ts';
import type { GitLabRoute } from './route.ts';
import { projectUrl } from './show.ts';
import { showCommit } from './showCommits.ts';

/** What lies between two commits. */
export const compareRoutes: readonly GitLabRoute[] = [
  {
    method: 'GET',
    pattern: '/projects/:id/repository/compare',
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      return json(showCompare(context));
    },
  },
];

/** `API_Entities_Compare`. */
function showCompare(context: Context) {
  const { inputs, world } = context;
  const { repository } = world;
  const [from, to] = [required(inputs, 'from'), required(inputs, 'to')];
  const [start, end] = [commitOf(context, from, 'Ref'), commitOf(context, to, 'Ref')];
  const base = flagOf(inputs.straight) ? start : mergeBase(repository, start, end);
  const known = new Set([...repository.log(start)].map(({ sha }) => sha));
  const commits = [...repository.log(end)].filter(({ sha }) => !known.has(sha)).reverse();
  return {
    commit: commits.length > 0 ? showCommit(end, context) : null,
    commits: commits.map((commit) => showCommit(commit, context)),
    diffs: repository.changes(end, base).map((path) => showDiff(path, base, end)),
    compare_timeout: false,
    compare_same_ref: start.sha === end.sha,
    web_url: `${projectUrl(context)}/-/compare/${from}...${to}`,
  };
}

/** `API_Entities_Diff`, without the lines of it, as GitLab sends those that are too large. */
function showDiff(path: string, base: Commit | undefined, end: Commit) {
  const [before, after] = [base?.tree.get(path), end.tree.get(path)];
  return {
    diff: '',
    collapsed: false,
    too_large: true,
    new_path: path,
    old_path: path,
    a_mode: before?.mode ?? '0',
    b_mode: after?.mode ?? '0',
    new_file: !before,
    renamed_file: false,
    deleted_file: !after,
    generated_file: false,
  };
}
