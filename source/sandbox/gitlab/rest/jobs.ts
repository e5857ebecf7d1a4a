import { isCompleted } from '../../../core/pipeline/status.ts';
import { AnswerError, json } from '../../http/answer.ts';
import { isBridge } from '../model/bridges.ts';
import type { JobRun } from '../model/runs.ts';
import { traceOf } from '../trace/trace.ts';
import { type Context, mayGiveVariables, needRole, refuse, roles } from './context.ts';
import { flagOf, textsOf } from './inputs.ts';
import { jobOf, pipelineOf, processableOf, projectOf } from './lookup.ts';
import { paged, pagedByKey } from './paging.ts';
import { keyValues } from './pipelines.ts';
import type { GitLabRoute } from './route.ts';
import { showBridge, showJob } from './showRuns.ts';

const statuses = [
  'created',
  'waiting_for_resource',
  'preparing',
  'waiting_for_callback',
  'pending',
  'running',
  'success',
  'failed',
  'canceling',
  'canceled',
  'skipped',
  'manual',
  'scheduled',
];

/** Jobs that the query's `scope` lets through, newest id first. */
function selected({ inputs }: Context, all: readonly JobRun[]): JobRun[] {
  const scope = textsOf(inputs.scope);
  if (scope.some((status) => !statuses.includes(status)))
    throw new AnswerError(json({ error: 'scope does not have a valid value' }, 400));
  return all.filter(({ status }) => scope.length === 0 || scope.includes(status)).sort((a, b) => b.id - a.id);
}

export const jobRoutes: readonly GitLabRoute[] = [
  {
    method: 'GET',
    pattern: '/projects/:id/pipelines/:pipeline/jobs',
    handle: (request, context) => {
      projectOf(context, request.params.id);
      const { runs } = pipelineOf(context, request.params.pipeline);
      const all = runs.filter((run) => !isBridge(run));
      const kept = flagOf(context.inputs.include_retried) ? all : all.filter(({ retried }) => !retried);
      return paged(request, context, selected(context, kept), (run) => showJob(run, context));
    },
  },
  {
    method: 'GET',
    pattern: '/projects/:id/pipelines/:pipeline/bridges',
    handle: (request, context) => {
      projectOf(context, request.params.id);
      const { runs } = pipelineOf(context, request.params.pipeline);
      const bridges = runs.filter((run) => isBridge(run) && !run.retried);
      return paged(request, context, selected(context, bridges), (run) => showBridge(run, context));
    },
  },
  {
    method: 'GET',
    pattern: '/projects/:id/jobs',
    handle: (request, context) => {
      projectOf(context, request.params.id);
      const builds = [...context.world.engine.jobs.values()].filter((run) => !isBridge(run));
      const all = selected(context, builds);
      return pagedByKey(request, context, all, (run) => showJob(run, context));
    },
  },
  {
    method: 'GET',
    pattern: '/projects/:id/jobs/:job',
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      return json(showJob(jobOf(context, params.job), context));
    },
  },
  {
    method: 'GET',
    pattern: '/projects/:id/jobs/:job/trace',
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      const run = jobOf(context, params.job);
      const { world, now } = context;
      const tree = world.repository.commits.get(run.pipeline.sha)?.tree ?? new Map();
      const masked = [...world.groupVariables, ...world.projectVariables];
      const headers = { 'Content-Type': 'text/plain', 'Content-Disposition': `inline; filename="job.log"` };
      return { status: 200, headers, body: traceOf(run, tree, masked, now) };
    },
  },
  action(processableOf, 'play', 200, (run, context) => {
    const { world, inputs, token, now } = context;
    const variables = keyValues(inputs.job_variables_attributes);
    if (Object.keys(variables).length > 0 && !mayGiveVariables(context)) throw refuse(403, '403 Forbidden');
    if (run.retried || !['manual', 'scheduled'].includes(run.status))
      throw refuse(400, '400 Bad request - Unplayable Job');
    return world.engine.play(run, token.user, variables, now);
  }),
  action(processableOf, 'retry', 201, (run, { world, token, now }) => {
    if (run.retried || !['success', 'failed', 'canceled'].includes(run.status))
      throw refuse(403, '403 Forbidden - Job is not retryable');
    return world.engine.retry(run, token.user, now);
  }),
  action(jobOf, 'cancel', 201, (run, { world, now }) => {
    if (!run.retried && !isCompleted(run.status)) world.engine.cancel(run, now);
    return run;
  }),
  action(jobOf, 'erase', 201, (run, { now }) => {
    if (!isCompleted(run.status) || run.erasedAt !== undefined)
      throw refuse(403, '403 Forbidden - Job is not erasable!');
    run.erasedAt = now;
    return run;
  }),
];

function action(
  find: (context: Context, id: string | undefined) => JobRun,
  name: string,
  status: number,
  run: (job: JobRun, context: Context) => JobRun,
): GitLabRoute {
  return {
    method: 'POST',
    pattern: `/projects/:id/jobs/:job/${name}`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      needRole(context, roles.developer);
      const after = run(find(context, params.job), context);
      return json(isBridge(after) ? showBridge(after, context) : showJob(after, context), status);
    },
  };
}
