import { AnswerError, json } from '../../http/answer.ts';
import { merge, mergeBase, NotMerged } from '../model/merge.ts';
import type { MergeRequest } from '../model/mergeRequests.ts';
import { project } from '../model/places.ts';
import { type Context, needRole, refuse, roles } from './context.ts';
import { flagOf, required, textOf } from './inputs.ts';
import { mergeRequestOf, projectOf } from './lookup.ts';
import { paged } from './paging.ts';
import type { GitLabRoute } from './route.ts';
import { projectUrl, showUser, time } from './show.ts';
import { showPipeline, showPipelineBasic } from './showRuns.ts';

const pattern = '/projects/:id/merge_requests';

export const mergeRequestRoutes: readonly GitLabRoute[] = [
  {
    method: 'GET',
    pattern,
    handle: (request, context) => {
      projectOf(context, request.params.id);
      const { world, inputs } = context;
      const [state, source] = [textOf(inputs.state) ?? 'all', textOf(inputs.source_branch)];
      const found = world.mergeRequests.filter(
        (one) => (state === 'all' || one.state === state) && (source === undefined || one.source === source),
      );
      return paged(request, context, found.toReversed(), (one) => showMergeRequest(one, context));
    },
  },
  {
    method: 'GET',
    pattern: `${pattern}/:iid`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      const found = mergeRequestOf(context, params.iid);
      const pipeline = context.world.engine.pipelines.findLast((one) => one.mergeRequest === found.iid);
      return json({
        ...showMergeRequest(found, context),
        user: { can_merge: context.token.access >= roles.maintainer },
        diff_refs: diffRefs(found, context),
        head_pipeline: pipeline ? showPipeline(pipeline, context) : null,
      });
    },
  },
  {
    method: 'GET',
    pattern: `${pattern}/:iid/pipelines`,
    handle: (request, context) => {
      projectOf(context, request.params.id);
      const { iid } = mergeRequestOf(context, request.params.iid);
      const own = context.world.engine.pipelines.filter((one) => one.mergeRequest === iid);
      return paged(request, context, own.toReversed(), (one) => showPipelineBasic(one, context));
    },
  },
  {
    method: 'POST',
    pattern,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      needRole(context, roles.developer);
      return json(showMergeRequest(open(context), context), 201);
    },
  },
  {
    method: 'PUT',
    pattern: `${pattern}/:iid`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      needRole(context, roles.developer);
      const { inputs, now } = context;
      const found = mergeRequestOf(context, params.iid);
      found.title = textOf(inputs.title) ?? found.title;
      found.description = textOf(inputs.description) ?? found.description;
      if (inputs.state_event === 'close') found.state = 'closed';
      if (inputs.state_event === 'reopen') found.state = 'opened';
      found.updatedAt = now;
      return json(showMergeRequest(found, context));
    },
  },
  {
    method: 'PUT',
    pattern: `${pattern}/:iid/merge`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      needRole(context, roles.maintainer);
      const { world, inputs, token, now } = context;
      const found = mergeRequestOf(context, params.iid);
      const head = world.repository.branches.get(found.source);
      if (inputs.sha !== undefined && inputs.sha !== head)
        throw refuse(409, 'SHA does not match HEAD of source branch: ');
      try {
        merge(world, found, token.user, now);
      } catch (thrown) {
        if (thrown instanceof NotMerged) throw refuse(thrown.status, thrown.message);
        throw thrown;
      }
      if (flagOf(inputs.should_remove_source_branch)) world.repository.branches.delete(found.source);
      return json(showMergeRequest(found, context));
    },
  },
];

function open(context: Context): MergeRequest {
  const { world, inputs, token, now } = context;
  const [source, target, title] = [
    required(inputs, 'source_branch'),
    required(inputs, 'target_branch'),
    required(inputs, 'title'),
  ];
  const other = world.mergeRequestOf(source);
  if (other)
    throw new AnswerError(
      json(
        { message: [`Another open merge request already exists for this source branch: !${other.iid}`] },
        409,
      ),
    );
  const commit = world.repository.find(source);
  if (!world.repository.branches.has(source) || !commit)
    throw refuse(400, { source_branch: ['does not exist'] });
  if (!world.repository.branches.has(target)) throw refuse(400, { target_branch: ['does not exist'] });
  const parts = { source, target, title, description: textOf(inputs.description) ?? '', author: token.user };
  const opened = world.propose(parts, now);
  world.pushed(source, commit, false, token.user, now);
  return opened;
}

/** `API_Entities_DiffRefs`; null when a branch is gone. */
function diffRefs({ source, target }: MergeRequest, { world: { repository } }: Context) {
  const [head, start] = [repository.find(source), repository.find(target)];
  const base = head && start ? mergeBase(repository, start, head) : undefined;
  return base && head && start ? { base_sha: base.sha, head_sha: head.sha, start_sha: start.sha } : null;
}

function mergeStatus({ state, approvedBy }: MergeRequest, { world }: Context): string {
  if (state !== 'opened') return 'not_open';
  return approvedBy.length < world.approvalsBeforeMerge ? 'not_approved' : 'mergeable';
}

/** `API_Entities_MergeRequestBasic`. */
function showMergeRequest(one: MergeRequest, context: Context) {
  return {
    id: one.id,
    iid: one.iid,
    project_id: project.id,
    title: one.title,
    description: one.description,
    state: one.state,
    created_at: time(one.createdAt),
    updated_at: time(one.updatedAt),
    merged_at: one.mergedAt === undefined ? null : time(one.mergedAt),
    merged_by: one.mergedBy ? showUser(one.mergedBy, context) : null,
    merge_user: one.mergedBy ? showUser(one.mergedBy, context) : null,
    merge_commit_sha: one.mergeCommit ?? null,
    target_branch: one.target,
    source_branch: one.source,
    source_project_id: project.id,
    target_project_id: project.id,
    author: showUser(one.author, context),
    assignees: [],
    reviewers: [],
    labels: [],
    draft: false,
    work_in_progress: false,
    merge_when_pipeline_succeeds: false,
    merge_status: 'can_be_merged',
    detailed_merge_status: mergeStatus(one, context),
    sha: context.world.repository.branches.get(one.source) ?? null,
    reference: `!${one.iid}`,
    references: { short: `!${one.iid}`, relative: `!${one.iid}`, full: `${project.path}!${one.iid}` },
    web_url: `${projectUrl(context)}/-/merge_requests/${one.iid}`,
    has_conflicts: false,
    squash: false,
    user_notes_count: 0,
    upvotes: 0,
    downvotes: 0,
  };
}
