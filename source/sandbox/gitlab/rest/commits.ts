import type { Commit } from '../../checkout/objects.ts';
import { AnswerError, json } from '../../http/answer.ts';
import { isChild } from '../model/bridges.ts';
import { type Action, makeCommit, NotCommitted } from '../model/commits.ts';
import { project } from '../model/places.ts';
import { type Context, needRole, refuse, roles } from './context.ts';
import { flagOf, type Input, listOf, objectOf, required, textOf } from './inputs.ts';
import { commitOf, projectOf } from './lookup.ts';
import { paged } from './paging.ts';
import type { GitLabRoute } from './route.ts';
import { showCommit } from './showCommits.ts';
import { showPipelineBasic } from './showRuns.ts';

const pattern = '/projects/:id/repository/commits';

const kinds = ['create', 'update', 'move', 'delete', 'chmod'];

export const commitRoutes: readonly GitLabRoute[] = [
  {
    method: 'GET',
    pattern,
    handle: (request, context) => {
      projectOf(context, request.params.id);
      const { inputs, world } = context;
      const from = commitOf(context, textOf(inputs.ref_name) ?? project.defaultBranch);
      const path = textOf(inputs.path);
      const all = [...world.repository.log(from)].filter(
        (commit) =>
          path === undefined ||
          world.repository
            .changes(commit, world.repository.commits.get(commit.parents[0] ?? ''))
            .some((changed) => changed === path || changed.startsWith(`${path}/`)),
      );
      return paged(request, context, all, (commit) => showCommit(commit, context));
    },
  },
  {
    method: 'GET',
    pattern: `${pattern}/:sha`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      const commit = commitOf(context, params.sha ?? '');
      return json(showCommitDetail(commit, context));
    },
  },
  {
    method: 'POST',
    pattern,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      const actions = listOf(context.inputs.actions).map(actionOf);
      if (actions.length === 0) throw new AnswerError(json({ error: 'actions is missing' }, 400));
      if (actions.some(({ action }) => !kinds.includes(action)))
        throw new AnswerError(json({ error: 'actions[0][action] does not have a valid value' }, 400));
      return json(showCommitDetail(committed(context, actions), context), 201);
    },
  },
];

/** `API_Entities_CommitDetail`. */
function showCommitDetail(commit: Commit, context: Context) {
  const last = context.world.engine.pipelines.findLast((one) => one.sha === commit.sha && !isChild(one));
  return {
    ...showCommit(commit, context),
    stats: null,
    status: last?.status ?? null,
    project_id: project.id,
    last_pipeline: last ? showPipelineBasic(last, context) : null,
  };
}

function actionOf(item: Input): Action {
  const given = objectOf(item);
  const content = textOf(given.content);
  const previousPath = textOf(given.previous_path);
  const lastCommit = textOf(given.last_commit_id);
  const isExecutable = flagOf(given.execute_filemode);
  return {
    action: textOf(given.action) ?? '',
    path: textOf(given.file_path) ?? '',
    ...(content === undefined
      ? {}
      : { content: Buffer.from(content, given.encoding === 'base64' ? 'base64' : 'utf8') }),
    ...(previousPath === undefined ? {} : { previousPath }),
    ...(lastCommit === undefined ? {} : { lastCommit }),
    ...(isExecutable === undefined ? {} : { isExecutable }),
  };
}

/** Makes a commit of the request's branch and message. Throws GitLab's 400 and 403. */
export function committed(context: Context, actions: readonly Action[]): Commit {
  const { world, inputs, token, now } = context;
  needRole(context, roles.developer);
  const branch = required(inputs, 'branch');
  if (world.isProtected(branch, false) && token.access < roles.maintainer)
    throw refuse(403, '403 Forbidden - You are not allowed to push into this branch');
  const start = textOf(inputs.start_sha) ?? textOf(inputs.start_branch);
  const [name, email] = [textOf(inputs.author_name), textOf(inputs.author_email)];
  try {
    return makeCommit(
      world,
      {
        branch,
        message: required(inputs, 'commit_message'),
        actions,
        force: flagOf(inputs.force) ?? false,
        ...(start === undefined ? {} : { start }),
        author: { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) },
      },
      token.user,
      now,
    );
  } catch (thrown) {
    if (thrown instanceof NotCommitted) throw refuse(400, thrown.message);
    throw thrown;
  }
}
