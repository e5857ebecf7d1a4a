import { childPipeline, downstreamOf, isDependent, passedVariables } from '../../../core/ci/downstream.ts';
import { jobSet, type ResolvedJobSet } from '../../../core/ci/jobSet.ts';
import type { PipelineContext } from '../../../core/ci/model.ts';
import { isCompleted } from '../../../core/pipeline/status.ts';
import type { Repository } from '../../checkout/repository.ts';
import { contextOf, type PipelineQuestion } from './ciFiles.ts';
import { project } from './places.ts';
import type { JobRun, PipelineRun } from './runs.ts';

/** Generations of child pipelines (`Ci::Bridge`), and how often pipelines of one project may start each other. */
const deepest = 2;

/** Why a bridge started nothing: GitLab's `failure_reason`. */
export class NotTriggered extends Error {}

export function isBridge({ job }: Pick<JobRun, 'job'>): boolean {
  return downstreamOf(job.definition) !== undefined;
}

/** Whether a bridge lasts as long as what it starts. */
export function mirrors({ job }: Pick<JobRun, 'job'>): boolean {
  return isDependent(job.definition);
}

/** What a bridge does because of the pipeline that it mirrors (`Ci::Bridge#inherit_status_from_downstream!`). */
export function mirrorMove(
  run: JobRun,
  isReopened: boolean,
): 'run' | 'succeed' | 'cancel' | 'drop' | undefined {
  if (!run.downstream || run.retried || !mirrors(run)) return undefined;
  if (isReopened) return isCompleted(run.status) ? 'run' : undefined;
  const { status } = run.downstream;
  if (run.status !== 'running' || !isCompleted(status)) return undefined;
  return status === 'success' ? 'succeed' : status === 'canceled' ? 'cancel' : 'drop';
}

/** A pipeline that lists leave out: it belongs to its parent. */
export function isChild({ source }: Pick<PipelineRun, 'source'>): boolean {
  return source === 'parent_pipeline';
}

/** The child pipelines that the bridges of a pipeline started. */
export function childrenOf({ latest }: PipelineRun): PipelineRun[] {
  const started = [...latest.values()].flatMap(({ downstream }) => downstream ?? []);
  return started.filter(isChild);
}

/** A pipeline as a bridge asks for it. */
export interface Asked {
  readonly set: ResolvedJobSet | undefined;
  readonly question: PipelineQuestion;
  readonly source: 'parent_pipeline' | 'pipeline';
}

/** What a bridge starts; without `set`, what its question gives. Throws `NotTriggered`, as for projects that are not there. */
export function askedBy(run: JobRun, repository: Repository): Asked {
  const { pipeline, job } = run;
  const started = downstreamOf(job.definition);
  const { event, branch: ref, sha, source, set } = pipeline;
  const commit = repository.commits.get(sha);
  if (!started || !commit) throw new NotTriggered('invalid_bridge_trigger');
  const own: PipelineQuestion = { event, ref, commit, source, variables: pipeline.variables };
  const context = contextOf(repository, own);
  const variables = given(passedVariables(job, set.configuration, context));
  if (started.kind === 'child')
    return { set: childSet(run, context), question: { ...own, variables }, source: 'parent_pipeline' };
  const branch = started.branch ?? project.defaultBranch;
  const head = repository.branches.has(branch) ? repository.find(branch) : undefined;
  if (started.path !== project.path) throw new NotTriggered('downstream_bridge_project_not_found');
  if (lineOf(pipeline).filter((one) => !isChild(one)).length > deepest)
    throw new NotTriggered('pipeline_loop_detected');
  if (!head) throw new NotTriggered('downstream_pipeline_creation_failed');
  return {
    set: undefined,
    question: { event: 'web', ref: branch, commit: head, variables, source: 'pipeline' },
    source: 'pipeline',
  };
}

function childSet({ pipeline, job }: JobRun, context: PipelineContext): ResolvedJobSet {
  if (lineOf(pipeline).filter(isChild).length >= deepest)
    throw new NotTriggered('reached_max_descendant_pipelines_depth');
  const child = childPipeline(job, pipeline.set.configuration, context);
  const set = child && jobSet(child.entry, child.context);
  if (!set || set.errors.length > 0) throw new NotTriggered('downstream_pipeline_creation_failed');
  return set;
}

/** A pipeline and those that it came from, the first last. */
function lineOf(pipeline: PipelineRun): PipelineRun[] {
  return pipeline.upstream ? [pipeline, ...lineOf(pipeline.upstream.pipeline)] : [pipeline];
}

function given(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
