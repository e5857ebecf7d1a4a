import type { AllPipelinesOptions, PipelineStatus } from '@gitbeaker/rest';
import type { PipelineJob } from '../../core/gitlab/model.ts';
import { known } from '../../core/known.ts';
import type { CallRoute } from './gitbeaker.ts';
import { shaped } from './json.ts';
import { bridgesSchema, jobSchema, jobsSchema } from './shapes/job.ts';
import { pipelineSchema, pipelineSummaries } from './shapes/pipeline.ts';
import type { GitLab } from './types.ts';

interface PipelineReads extends Pick<GitLab, 'pipelines' | 'pipeline' | 'jobs' | 'job'> {
  /** Builds with those that were retried, newest first. */
  allBuilds(pipeline: number, signal: AbortSignal | undefined): Promise<readonly PipelineJob[]>;
}

/** Pipelines and their jobs. Rows that move to the next page while pages are read come once. */
export function createPipelineReads(
  route: CallRoute,
  projectId: (signal?: AbortSignal) => Promise<number>,
): PipelineReads {
  const builds = async (
    pipelineId: number,
    includeRetried: boolean,
    signal: AbortSignal | undefined,
  ): Promise<PipelineJob[]> => {
    const id = await projectId(signal);
    const options = { pipelineId, ...(includeRetried ? { includeRetried } : {}) };
    const rows = await route(({ jobs }) => jobs.all(id, options), { signal, isList: true });
    return shaped(jobsSchema, rows, 'GET projects/:id/pipelines/:id/jobs');
  };
  const bridges = async (pipeline: number, signal: AbortSignal | undefined): Promise<PipelineJob[]> => {
    const id = await projectId(signal);
    const rows = await route(({ jobs }) => jobs.allPipelineBridges(id, pipeline), { signal, isList: true });
    return shaped(bridgesSchema, rows, 'GET projects/:id/pipelines/:id/bridges');
  };

  return {
    async pipelines({ ref, limit, status, updatedBefore }, signal) {
      const id = await projectId(signal);
      const filter: AllPipelinesOptions = known({
        ref,
        status: status as PipelineStatus | undefined,
        updatedBefore,
      });
      const options = { signal, isList: true, limit };
      const rows = await route(({ pipelines }) => pipelines.all(id, filter), options);
      return once(shaped(pipelineSummaries, rows, 'GET projects/:id/pipelines'));
    },
    async pipeline(pipeline, signal) {
      const id = await projectId(signal);
      const json = await route(({ pipelines }) => pipelines.show(id, pipeline), { signal });
      return shaped(pipelineSchema, json, 'GET projects/:id/pipelines/:id');
    },
    async jobs(pipeline, signal) {
      const parts = await Promise.all([builds(pipeline, false, signal), bridges(pipeline, signal)]);
      return once(parts.flat()).sort((a, b) => a.id - b.id);
    },
    allBuilds: (pipeline, signal) => builds(pipeline, true, signal),
    async job(job, signal) {
      const id = await projectId(signal);
      const json = await route(({ jobs }) => jobs.show(id, job), { signal });
      return shaped(jobSchema, json, 'GET projects/:id/jobs/:id');
    },
  };
}

function once<T extends { readonly id: number }>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}
