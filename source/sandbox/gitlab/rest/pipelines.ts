import { isCompleted } from '../../../core/pipeline/status.ts';
import { json } from '../../http/answer.ts';
import { isChild } from '../model/bridges.ts';
import { NotCreated } from '../model/notCreated.ts';
import type { PipelineRun } from '../model/runs.ts';
import { type Context, mayGiveVariables, needRole, notFound, refuse, roles } from './context.ts';
import { type Input, listOf, objectOf, required, textOf } from './inputs.ts';
import { commitOf, pipelineOf, projectOf } from './lookup.ts';
import { paged } from './paging.ts';
import type { GitLabRoute } from './route.ts';
import { showPipeline, showPipelineBasic } from './showRuns.ts';

const base = '/projects/:id/pipelines';

export const pipelineRoutes: readonly GitLabRoute[] = [
  {
    method: 'GET',
    pattern: base,
    handle: (request, context) => {
      projectOf(context, request.params.id);
      return paged(request, context, selected(context), (one) => showPipelineBasic(one, context));
    },
  },
  {
    method: 'GET',
    pattern: `${base}/latest`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      const ref = textOf(context.inputs.ref) ?? 'main';
      const found = context.world.engine.pipelines.findLast((one) => one.ref === ref && !isChild(one));
      if (!found) throw refuse(403, '403 Forbidden');
      return json(showPipeline(found, context));
    },
  },
  {
    method: 'GET',
    pattern: `${base}/:pipeline`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      return json(showPipeline(pipelineOf(context, params.pipeline), context));
    },
  },
  {
    method: 'GET',
    pattern: `${base}/:pipeline/variables`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      needRole(context, roles.maintainer);
      const { variables } = pipelineOf(context, params.pipeline);
      return json(
        Object.entries(variables).map(([key, value]) => ({
          key,
          variable_type: 'env_var',
          value,
          raw: false,
        })),
      );
    },
  },
  {
    method: 'POST',
    pattern: '/projects/:id/pipeline',
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      needRole(context, roles.developer);
      return json(showPipeline(create(context), context), 201);
    },
  },
  {
    method: 'POST',
    pattern: `${base}/:pipeline/retry`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      needRole(context, roles.developer);
      const pipeline = pipelineOf(context, params.pipeline);
      context.world.engine.retryAll(pipeline, context.token.user, context.now);
      return json(showPipeline(pipeline, context), 201);
    },
  },
  {
    method: 'POST',
    pattern: `${base}/:pipeline/cancel`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      needRole(context, roles.developer);
      const pipeline = pipelineOf(context, params.pipeline);
      context.world.engine.cancelAll(pipeline, context.now);
      return json(showPipeline(pipeline, context), 201);
    },
  },
];

/** Pipelines by the query's filters, in its order; newest first when it asks for none. */
function selected({ world, inputs }: Context): PipelineRun[] {
  const asked = (name: string): string | undefined => textOf(inputs[name]);
  const [ref, sha, status, source, scope, username] = [
    'ref',
    'sha',
    'status',
    'source',
    'scope',
    'username',
  ].map(asked);
  const since = Date.parse(asked('updated_after') ?? '');
  const before = Date.parse(asked('updated_before') ?? '');
  const found = world.engine.pipelines.filter(
    (one) =>
      (ref === undefined || one.ref === ref) &&
      (sha === undefined || one.sha === sha) &&
      (status === undefined || one.status === status) &&
      (source === undefined ? !isChild(one) : one.source === source) &&
      (username === undefined || one.user.username === username) &&
      (Number.isNaN(since) || one.updatedAt > since) &&
      (Number.isNaN(before) || one.updatedAt < before) &&
      inScope(one, scope),
  );
  const by = asked('order_by') === 'updated_at' ? 'updatedAt' : 'id';
  const sign = asked('sort') === 'asc' ? 1 : -1;
  return found.sort((a, b) => sign * (a[by] - b[by]));
}

function inScope({ status, isTag }: PipelineRun, scope: string | undefined): boolean {
  if (scope === 'running' || scope === 'pending') return status === scope;
  if (scope === 'finished') return isCompleted(status);
  return scope === undefined || (scope === 'tags') === isTag;
}

function create(context: Context): PipelineRun {
  const { world, inputs, token, now } = context;
  const ref = required(inputs, 'ref');
  const { repository } = world;
  const isTag = repository.tags.has(ref) && !repository.branches.has(ref);
  if (!isTag && !repository.branches.has(ref)) throw refuse(400, { base: ['Reference not found'] });
  const variables = keyValues(inputs.variables);
  if (Object.keys(variables).length > 0 && !mayGiveVariables(context))
    throw refuse(400, { base: ['Insufficient permissions to set pipeline variables'] });
  const question = {
    event: isTag ? 'tag' : 'web',
    ref,
    commit: commitOf(context, ref),
    variables,
  } as const;
  return created(() => world.start(question, 'api', token.user, now));
}

/** The pipeline, or GitLab's 400 with why there is none. */
function created(start: () => PipelineRun): PipelineRun {
  try {
    return start();
  } catch (thrown) {
    if (thrown instanceof NotCreated) throw refuse(400, { base: thrown.messages });
    throw thrown;
  }
}

/** `[{key, value}]` by key. */
export function keyValues(value: Input | undefined): Record<string, string> {
  return Object.fromEntries(
    listOf(value).flatMap((item) => {
      const { key, value: text } = objectOf(item);
      const name = textOf(key);
      return name === undefined ? [] : [[name, textOf(text) ?? '']];
    }),
  );
}

export const mergeRequestPipelines: readonly GitLabRoute[] = [
  {
    method: 'POST',
    pattern: '/projects/:id/merge_requests/:iid/pipelines',
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      needRole(context, roles.developer);
      const { world, token, now } = context;
      const found = world.mergeRequests.find(({ iid }) => String(iid) === params.iid);
      if (!found) throw notFound();
      const question = {
        event: 'merge_request',
        ref: found.source,
        commit: commitOf(context, found.source),
      } as const;
      const pipeline = created(() => world.start(question, 'merge_request_event', token.user, now));
      return json(showPipelineBasic(pipeline, context), 201);
    },
  },
];
