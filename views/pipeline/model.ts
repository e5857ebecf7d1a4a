import type { PipelineEdges, PipelineJob } from '../../source/core/gitlab/model.ts';
import { type CriticalPath, criticalPath } from '../../source/core/pipeline/critical.ts';
import { type PipelineGraph, pipelineGraph } from '../../source/core/pipeline/graph.ts';
import { expectation, type History } from '../../source/core/pipeline/history.ts';
import { type PipelineTiming, pipelineTiming } from '../../source/core/pipeline/timing.ts';
import type { PipelineView } from '../../source/monitor/snapshot.ts';

const graphs = new WeakMap<
  readonly PipelineJob[],
  { edges: PipelineEdges | undefined; graph: PipelineGraph }
>();

/** The graph of a pipeline's jobs; the same while jobs and edges are. */
export function graphOf({ jobs, edges }: Pick<PipelineView, 'jobs' | 'edges'>): PipelineGraph {
  const known = graphs.get(jobs);
  if (known && known.edges === edges) return known.graph;
  const graph = pipelineGraph(jobs, edges);
  graphs.set(jobs, { edges, graph });
  return graph;
}

export interface PipelineTimes {
  readonly timing: PipelineTiming;
  readonly path: CriticalPath;
}

/** Lays a pipeline out in time; `now` is GitLab's. */
export function timesOf(
  graph: PipelineGraph,
  createdAt: string,
  now: number,
  history: History,
): PipelineTimes {
  const timing = pipelineTiming(graph, { now, createdAt, expect: (job) => expectation(history, job) });
  return { timing, path: criticalPath(graph, timing) };
}

/** A row that can be selected: a job, or the head of a folded group. */
export type PipelineRow =
  | {
      readonly kind: 'job';
      readonly key: string;
      /** What a filter looks in. */
      readonly search: string;
      readonly job: number;
      readonly inGroup: boolean;
    }
  | {
      readonly kind: 'group';
      readonly key: string;
      readonly search: string;
      readonly name: string;
      readonly jobs: readonly number[];
      readonly isOpen: boolean;
    };

export function jobKey({ id }: PipelineJob): string {
  return String(id);
}

export function rowKey({ key }: PipelineRow): string {
  return key;
}

/** What a filter looks in. */
export function jobText({ name, stage, status, runner, tags }: PipelineJob): string {
  return `${name} ${stage} ${status} ${tags.join(' ')} ${runner?.description ?? ''}`;
}

/** Has failed, or keeps others from running. */
export function isTrouble({ status }: PipelineJob): boolean {
  return status === 'failed' || status === 'canceled' || status === 'canceling';
}
