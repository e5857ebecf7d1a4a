import { childPipeline, downstreamOf } from '../core/ci/downstream.ts';
import { jobSet, type ResolvedJobSet } from '../core/ci/jobSet.ts';
import type { Job, PipelineContext } from '../core/ci/model.ts';

/** A pipeline as its configuration has it, with those that its bridges would start. */
export interface Planned {
  readonly set: ResolvedJobSet;
  /** By the names of the bridges. */
  readonly started: ReadonlyMap<string, Started>;
}

export type Started =
  | { readonly kind: 'child'; readonly planned: Planned }
  /** A child whose configuration a job makes. */
  | { readonly kind: 'dynamic' }
  | { readonly kind: 'project'; readonly path: string; readonly branch?: string };

/** Generations of child pipelines that GitLab allows. */
const deepest = 2;

/** The pipelines that the bridges of a job set would start, and those of them in turn. */
export function planned(set: ResolvedJobSet, context: PipelineContext, depth = 0): Planned {
  const started = new Map<string, Started>();
  for (const job of set.jobs) {
    const one = startedBy(job, set, context, depth);
    if (one) started.set(job.name, one);
  }
  return { set, started };
}

function startedBy(
  job: Job,
  set: ResolvedJobSet,
  context: PipelineContext,
  depth: number,
): Started | undefined {
  const downstream = downstreamOf(job.definition);
  if (!downstream || downstream.kind === 'project') return downstream;
  if (depth === deepest) return undefined;
  const child = childPipeline(job, set.configuration, context);
  if (!child) return { kind: 'dynamic' };
  return { kind: 'child', planned: planned(jobSet(child.entry, child.context), child.context, depth + 1) };
}

/** What a bridge starts, in a few words. */
export function startedText(started: Started): string {
  if (started.kind === 'project')
    return started.branch === undefined ? started.path : `${started.path}, branch ${started.branch}`;
  return started.kind === 'child' ? 'child pipeline' : 'child pipeline, of a configuration that a job makes';
}
