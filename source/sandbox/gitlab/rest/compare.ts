import type { Commit } from '../../checkout/objects.ts';
import { json } from '../../http/answer.ts';
import { mergeBase } from '../model/merge.ts';
import { type Context, notFound, refuse } from './context.ts';
import { flagOf, required, textsOf } from './inputs.ts';
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
  {
    method: 'GET',
    pattern: '/projects/:id/repository/merge_base',
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      return json(showMergeBase(context));
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

/** `API_Entities_Commit` of the newest commit that refs have in common; GitLab says 404 where there is none. */
function showMergeBase(context: Context) {
  const { inputs, world } = context;
  const refs = textsOf(inputs.refs);
  if (refs.length < 2) throw refuse(400, 'Provide at least 2 refs');
  const commits = refs.map((ref) => {
    const commit = world.repository.find(ref);
    if (!commit) throw refuse(400, `Could not find ref: ${ref}`);
    return commit;
  });
  const base = commits.reduce<Commit | undefined>(
    (common, commit) => common && mergeBase(world.repository, common, commit),
    commits[0],
  );
  if (!base) throw notFound('Merge Base');
  return showCommit(base, context);
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
