import { NeedsUser } from '../../core/failure.ts';
import type { CallRoute } from './gitbeaker.ts';
import { shaped } from './json.ts';
import { jobSchema } from './shapes/job.ts';
import { pipelineSchema } from './shapes/pipeline.ts';
import type { GitLab } from './types.ts';

type Writes = Pick<
  GitLab,
  'retryJob' | 'playJob' | 'cancelJob' | 'retryPipeline' | 'cancelPipeline' | 'createPipeline'
>;

/** What changes something on GitLab. Each is sent once; after a failure of the connection it may have been done. */
export function createWrites(route: CallRoute, projectId: (signal?: AbortSignal) => Promise<number>): Writes {
  const role = 'Developer';
  return {
    async retryJob(grant, job, signal) {
      const project = await projectId(signal);
      const json = await route(({ jobs }) => jobs.retry(project, job), { grant, signal, role });
      return shaped(jobSchema, json, 'POST projects/:id/jobs/:id/retry');
    },
    async playJob(grant, job, variables, signal) {
      const project = await projectId(signal);
      const jobVariablesAttributes = Object.entries(variables).map(([key, value]) => ({ key, value }));
      const body = jobVariablesAttributes.length > 0 ? { jobVariablesAttributes } : undefined;
      const json = await route(({ jobs }) => jobs.play(project, job, body), { grant, signal, role }).catch(
        (thrown: unknown) => {
          throw body ? orVariables(thrown) : thrown;
        },
      );
      return shaped(jobSchema, json, 'POST projects/:id/jobs/:id/play');
    },
    async cancelJob(grant, job, signal) {
      const project = await projectId(signal);
      const json = await route(({ jobs }) => jobs.cancel(project, job), { grant, signal, role });
      return shaped(jobSchema, json, 'POST projects/:id/jobs/:id/cancel');
    },
    async retryPipeline(grant, pipeline, signal) {
      const project = await projectId(signal);
      const json = await route(({ pipelines }) => pipelines.retry(project, pipeline), {
        grant,
        signal,
        role,
      });
      return shaped(pipelineSchema, json, 'POST projects/:id/pipelines/:id/retry');
    },
    async cancelPipeline(grant, pipeline, signal) {
      const project = await projectId(signal);
      const json = await route(({ pipelines }) => pipelines.cancel(project, pipeline), {
        grant,
        signal,
        role,
      });
      return shaped(pipelineSchema, json, 'POST projects/:id/pipelines/:id/cancel');
    },
    async createPipeline(grant, ref, signal) {
      const project = await projectId(signal);
      const json = await route(({ pipelines }) => pipelines.create(project, ref), { grant, signal, role });
      return shaped(pipelineSchema, json, 'POST projects/:id/pipeline');
    },
  };
}

/** GitLab answers only 403 where variables are what a role may not give. */
function orVariables(thrown: unknown): unknown {
  if (!(thrown instanceof NeedsUser) || thrown.status !== 403) return thrown;
  const { tried, saw, next, code, status } = thrown;
  const without =
    'Play it without variables, or have a maintainer let your role give them: Settings > CI/CD > Variables.';
  return new NeedsUser({ tried, saw, next: [...next, without], code, status });
}
