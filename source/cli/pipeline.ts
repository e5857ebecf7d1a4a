import { NeedsUser } from '../core/failure.ts';
import type { Pipeline, PipelineEdges, PipelineJob, PipelineStatus } from '../core/gitlab/model.ts';
import { type CriticalPath, criticalPath } from '../core/pipeline/critical.ts';
import { type PipelineGraph, pipelineGraph } from '../core/pipeline/graph.ts';
import { hasEnded, type PipelineTiming, pipelineTiming } from '../core/pipeline/timing.ts';
import { counted, duration } from '../core/text/format.ts';
import type { GitLab } from '../services/gitlab/types.ts';
import { printJson, printLines } from './answer.ts';
import type { Io } from './io.ts';
import { table } from './table.ts';
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
  gitlab: Pick<GitLab, 'pipelines' | 'pipeline' | 'jobs' | 'edges' | 'clockOffset'>,
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
  const at = new Date(now).toISOString();
  const graph = pipelineGraph(last.jobs, edges);
  const timing = pipelineTiming(graph, {
    now: now + gitlab.clockOffset(),
    createdAt: last.pipeline.createdAt,
  });
  const path = criticalPath(graph, timing);
  if (options.json) printJson(io, 'pipeline', at, pipelineJson(last.pipeline, graph, path, timing, edges));
  else printLines(io, pipelineText(last.pipeline, graph, path, timing).map(printable));
  return statusOf(last.pipeline.status, watch);
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

function jobState(job: PipelineJob) {
  return {
    id: job.id,
    name: job.name,
    status: job.status,
    ...defined({
      queued: job.queuedDuration,
      duration: job.duration,
      startedAt: job.startedAt,
      finishedAt: job.finishedAt,
      failureReason: job.failureReason,
    }),
    url: job.webUrl,
  };
}

/** The answer as programs read it. */
export function pipelineJson(
  pipeline: Pipeline,
  graph: PipelineGraph,
  path: CriticalPath,
  timing: PipelineTiming,
  edges: PipelineEdges,
) {
  const { id, ref, sha, status, source, webUrl, createdAt, startedAt, finishedAt } = pipeline;
  return {
    id,
    ref,
    sha,
    status,
    source,
    url: webUrl,
    createdAt,
    ...defined({ startedAt, finishedAt, duration: pipeline.duration, queued: pipeline.queuedDuration }),
    jobs: graph.jobs.map((job, index) => ({
      ...jobState(job),
      stage: job.stage,
      kind: job.kind,
      allowFailure: job.allowFailure,
      tags: job.tags,
      needs:
        graph.needs[index]?.flatMap((need) => nameOf(graph, need)).map((name) => ({ job: name })) ?? null,
      ...(job.runner ? { runner: job.runner.description } : {}),
      ...(Number.isFinite(path.slack[index]) ? { slack: path.slack[index] } : {}),
      ...(job.downstream ? { downstream: { id: job.downstream.id, status: job.downstream.status } } : {}),
    })),
    stages: graph.stages,
    edges: edges.source,
    exact: graph.exact,
    criticalPath: path.steps.map(({ job, start, end, wait }) => ({
      job: nameOf(graph, job)[0],
      start: (start - timing.created) / 1_000,
      end: (end - timing.created) / 1_000,
      ...(wait.job === undefined ? {} : { waitedFor: nameOf(graph, wait.job)[0] }),
      because: wait.because,
      queue: wait.queue,
    })),
    errors: pipeline.yamlErrors === undefined ? [] : [pipeline.yamlErrors],
  };
}

function pipelineText(
  pipeline: Pipeline,
  graph: PipelineGraph,
  path: CriticalPath,
  timing: PipelineTiming,
): string[] {
  const { id, ref, status, webUrl, yamlErrors } = pipeline;
  const length = pipeline.duration === undefined ? '' : ` in ${duration(pipeline.duration)}`;
  const source = graph.source === 'stages' ? 'stage order' : `needs from ${graph.source ?? 'nobody'}`;
  return [
    `pipeline #${id} ${status} on ${ref}${length}: ${counted(graph.jobs.length, 'job')}, ${source}${graph.exact ? '' : ' (not exact)'}`,
    webUrl,
    ...(yamlErrors === undefined ? [] : [`error: ${yamlErrors}`]),
    ...graph.stages.flatMap((stage, at) => [
      '',
      stage,
      ...table(
        [...graph.jobs.entries()].flatMap(([index, job]) =>
          graph.stageOf[index] === at ? [jobRow(graph, index, job)] : [],
        ),
      ).map((line) => `  ${line}`),
    ]),
    ...(path.steps.length === 0 ? [] : ['', 'critical path']),
    ...path.steps.map(({ job, start, end, wait }) => {
      const before =
        wait.job === undefined ? '' : `  after ${nameOf(graph, wait.job)[0] ?? ''} (${wait.because})`;
      const queue = wait.queue >= 1 ? `  queue ${duration(wait.queue)}` : '';
      const clock = (time: number): string => duration((time - timing.created) / 1_000);
      return `  ${clock(start)} to ${clock(end)}  ${nameOf(graph, job)[0] ?? ''}${before}${queue}`;
    }),
  ];
}

function jobRow(graph: PipelineGraph, index: number, job: PipelineJob): string[] {
  const needs = graph.needs[index];
  const waits = needs?.flatMap((need) => nameOf(graph, need)) ?? [];
  const how = !needs ? '' : waits.length === 0 ? 'starts at once' : `needs ${waits.join(', ')}`;
  const state = job.status === 'failed' && job.allowFailure ? 'failed, may fail' : job.status;
  return [state, job.name, job.duration === undefined ? '' : duration(job.duration), `#${job.id}`, how];
}

function nameOf({ jobs }: PipelineGraph, index: number): string[] {
  const name = jobs[index]?.name;
  return name === undefined ? [] : [name];
}

/** An object without the fields that are not known. */
function defined(
  fields: Readonly<Record<string, string | number | undefined>>,
): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
  );
}
