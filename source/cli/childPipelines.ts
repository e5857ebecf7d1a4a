import { Failure } from '../core/failure.ts';
import type {
  Pipeline,
  PipelineEdges,
  PipelineJob,
  PipelineSummary,
  Upstream,
} from '../core/gitlab/model.ts';
import { type CriticalPath, criticalPath } from '../core/pipeline/critical.ts';
import { type PipelineGraph, pipelineGraph } from '../core/pipeline/graph.ts';
import { ownDownstream } from '../core/pipeline/started.ts';
import { type PipelineTiming, pipelineTiming } from '../core/pipeline/timing.ts';
import type { GitLab } from '../services/gitlab/types.ts';

/** A pipeline laid out in time. */
export interface LaidOut {
  readonly graph: PipelineGraph;
  readonly timing: PipelineTiming;
  readonly path: CriticalPath;
  readonly edges: PipelineEdges;
}

/** What a bridge of the pipeline started. */
export interface ChildPipeline extends LaidOut {
  readonly pipeline: PipelineSummary;
}

/** Pipelines that are read at once. */
const together = 3;

export function laidOut(
  jobs: readonly PipelineJob[],
  edges: PipelineEdges,
  times: { readonly now: number; readonly createdAt: string },
): LaidOut {
  const graph = pipelineGraph(jobs, edges);
  const timing = pipelineTiming(graph, times);
  return { graph, timing, path: criticalPath(graph, timing), edges };
}

/** The pipelines of the project that a pipeline's bridges started, by the bridges' ids. One that cannot be read is left out. */
export async function readChildren(
  gitlab: Pick<GitLab, 'jobs' | 'edges'>,
  parent: Pipeline,
  jobs: readonly PipelineJob[],
  now: number,
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, ChildPipeline>> {
  const started = jobs.flatMap((job) => {
    const pipeline = ownDownstream(job, parent);
    return pipeline ? [{ bridge: job.id, pipeline }] : [];
  });
  const found = new Map<number, ChildPipeline>();
  for (let at = 0; at < started.length; at += together)
    await Promise.all(
      started.slice(at, at + together).map(async ({ bridge, pipeline }) => {
        const child = await orNone(async () => {
          const own = await gitlab.jobs(pipeline.id, signal);
          const edges = await gitlab.edges(pipeline, own, signal);
          return { pipeline, ...laidOut(own, edges, { now, createdAt: pipeline.createdAt }) };
        });
        if (child) found.set(bridge, child);
      }),
    );
  return found;
}

/** What started a pipeline; undefined where no bridge did, or where GitLab does not tell. */
export async function readUpstream(
  gitlab: Pick<GitLab, 'upstream'>,
  pipeline: Pipeline,
  signal?: AbortSignal,
): Promise<Upstream | undefined> {
  if (pipeline.source !== 'parent_pipeline' && pipeline.source !== 'pipeline') return undefined;
  return orNone(() => gitlab.upstream(pipeline, signal));
}

async function orNone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (thrown) {
    if (thrown instanceof Failure) return undefined;
    throw thrown;
  }
}
