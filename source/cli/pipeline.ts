import { NeedsUser } from '../core/failure.ts';
import type { Pipeline, PipelineJob, PipelineStatus } from '../core/gitlab/model.ts';
import { hasEnded } from '../core/pipeline/timing.ts';
import { duration } from '../core/text/format.ts';
import type { GitLab } from '../services/gitlab/types.ts';
import { printJson, printLines } from './answer.ts';
import { laidOut, readChildren, readUpstream } from './childPipelines.ts';
import type { Io } from './io.ts';
import { jobState, type PipelineAnswer, pipelineJson, pipelineText } from './pipelineAnswer.ts';
import { printable } from './text.ts';
import { pause } from './wait.ts';

export interface PipelineOptions {
  /** The newest of `ref`, or of all, when absent. */
  readonly id?: number;
  readonly ref?: string;
  /** Prints what changes until the pipeline has ended. */
  readonly watch: boolean;
  readonly json: boolean;
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
  /** Milliseconds between two looks; 3 s when absent. */
  readonly interval?: number;
}

interface Look {
  readonly pipeline: Pipeline;
  readonly jobs: readonly PipelineJob[];
}

/**
 * `pipeline`: jobs, stages, needs, durations and the critical path. Gives the exit status: 1 when the pipeline failed or was
 * canceled, and after watching also when it stopped for a hand; else 0.
 */
export async function showPipeline(
  gitlab: Pick<GitLab, 'pipelines' | 'pipeline' | 'jobs' | 'edges' | 'upstream' | 'clockOffset'>,
  options: PipelineOptions,
  io: Io,
): Promise<number> {
  const { signal, watch } = options;
  const id = options.id ?? (await newest(gitlab, options.ref, signal));
  const look = async (): Promise<Look> => {
    const [pipeline, jobs] = await Promise.all([gitlab.pipeline(id, signal), gitlab.jobs(id, signal)]);
    return { pipeline, jobs };
  };
  let last = await look();
  const edges = await gitlab.edges(last.pipeline, last.jobs, signal);
  if (watch) last = await follow(last, look, options, io);
  const now = options.now();
  const theirs = now + gitlab.clockOffset();
  const { pipeline, jobs } = last;
  const [children, upstream] = await Promise.all([
    readChildren(gitlab, pipeline, jobs, theirs, signal),
    readUpstream(gitlab, pipeline, signal),
  ]);
  const times = { now: theirs, createdAt: pipeline.createdAt };
  const answer: PipelineAnswer = { pipeline, ...laidOut(jobs, edges, times), children, upstream };
  if (options.json) printJson(io, 'pipeline', new Date(now).toISOString(), pipelineJson(answer));
  else printLines(io, pipelineText(answer).map(printable));
  return statusOf(pipeline.status, watch);
}

function statusOf(status: PipelineStatus, isWatched: boolean): number {
  if (status === 'failed' || status === 'canceled') return 1;
  return isWatched && status !== 'success' && status !== 'skipped' ? 1 : 0;
}

/** The id of the newest pipeline. Throws `NeedsUser` where there is none. */
export async function newest(
  gitlab: Pick<GitLab, 'pipelines'>,
  ref: string | undefined,
  signal?: AbortSignal,
): Promise<number> {
  const [first] = await gitlab.pipelines({ limit: 1, ...(ref === undefined ? {} : { ref }) }, signal);
  if (first) return first.id;
  throw new NeedsUser({
    tried: `find the newest pipeline${ref === undefined ? '' : ` of ${ref}`}`,
    saw: 'there is none',
    next: ['Push a commit, name another --ref, or give the id of a pipeline.'],
    code: 'no-pipeline',
  });
}

/** Looks again and again, and prints each change of a job or of the pipeline, until nothing will move by itself. */
async function follow(
  first: Look,
  look: () => Promise<Look>,
  { json, now, signal, interval = 3_000 }: PipelineOptions,
  io: Io,
): Promise<Look> {
  const known = new Map<string, PipelineStatus>();
  let whole: PipelineStatus | undefined;
  for (let current = first; ; ) {
    const at = new Date(now()).toISOString();
    for (const job of current.jobs) {
      if (known.get(job.name) === job.status) continue;
      known.set(job.name, job.status);
      if (json) printJson(io, 'pipeline-event', at, { event: 'job', ...jobState(job), stage: job.stage });
      else
        printLines(io, [printable(`${at.slice(11, 19)}  ${job.status.padEnd(9)} ${job.name}${took(job)}`)]);
    }
    const { status, id } = current.pipeline;
    if (json && status !== whole) printJson(io, 'pipeline-event', at, { event: 'pipeline', id, status });
    whole = status;
    if (hasEnded(status) || status === 'manual') return current;
    await pause(interval, signal);
    current = await look();
  }
}

function took({ duration: seconds }: PipelineJob): string {
  return seconds === undefined ? '' : `  ${duration(seconds)}`;
}
