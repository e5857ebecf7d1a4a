import { AnswerError, json } from '../../http/answer.ts';
import type { MergeRequest } from '../model/mergeRequests.ts';
import { type Context, needRole, refuse, roles } from './context.ts';
import { textOf } from './inputs.ts';
import { mergeRequestOf, projectOf } from './lookup.ts';
import type { GitLabRoute } from './route.ts';
import { showUser } from './show.ts';

const request = '/projects/:id/merge_requests/:iid';

/** Who approves merge requests, and how many must: docs.gitlab.com/api/merge_request_approvals. */
export const approvalRoutes: readonly GitLabRoute[] = [
  {
    method: 'GET',
    pattern: '/projects/:id/approvals',
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      return json(showSettings(context));
    },
  },
  {
    method: 'POST',
    pattern: '/projects/:id/approvals',
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      needRole(context, roles.maintainer);
      const { world, inputs } = context;
      const wanted = textOf(inputs.approvals_before_merge);
      if (wanted !== undefined && !/^\d+$/.test(wanted))
        throw new AnswerError(json({ error: 'approvals_before_merge is invalid' }, 400));
      world.approvalsBeforeMerge = Number(wanted ?? world.approvalsBeforeMerge);
      return json(showSettings(context), 201);
    },
  },
  {
    method: 'GET',
    pattern: `${request}/approvals`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      return json(showApprovals(mergeRequestOf(context, params.iid), context));
    },
  },
  {
    method: 'POST',
    pattern: `${request}/approve`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      needRole(context, roles.developer);
      const found = mergeRequestOf(context, params.iid);
      if (hasApproved(found, context)) throw refuse(401, '401 Unauthorized');
      found.approvedBy.push(context.token.user);
      return json(showApprovals(found, context), 201);
    },
  },
  {
    method: 'POST',
    pattern: `${request}/unapprove`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      needRole(context, roles.developer);
      const found = mergeRequestOf(context, params.iid);
      if (!hasApproved(found, context)) throw refuse(404, '404 Not Found');
      found.approvedBy.splice(
        found.approvedBy.findIndex(({ username }) => username === context.token.user.username),
        1,
      );
      return json(showApprovals(found, context), 201);
    },
  },
];

function hasApproved({ approvedBy }: MergeRequest, { token }: Context): boolean {
  return approvedBy.some(({ username }) => username === token.user.username);
}

function showSettings({ world }: Context) {
  return { approvals_before_merge: world.approvalsBeforeMerge, reset_approvals_on_push: false };
}

/** `API_Entities_MergeRequestApprovals`. */
function showApprovals(found: MergeRequest, context: Context) {
  const { approvalsBeforeMerge } = context.world;
  const has = hasApproved(found, context);
  return {
    user_has_approved: has,
    user_can_approve: !has,
    approved: found.approvedBy.length >= approvalsBeforeMerge,
    approvals_required: approvalsBeforeMerge,
    approvals_left: Math.max(0, approvalsBeforeMerge - found.approvedBy.length),
    approved_by: found.approvedBy.map((user) => ({ user: showUser(user, context) })),
  };
}
