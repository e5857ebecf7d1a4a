import type { Pipeline, PipelineJob, Upstream } from '../core/gitlab/model.ts';
import type { PipelineGraph } from '../core/pipeline/graph.ts';
import { counted, duration } from '../core/text/format.ts';
import type { ChildPipeline, LaidOut } from './childPipelines.ts';
import { table } from './table.ts';

/** A pipeline with what its bridges started, as `pipeline` gives it. */
export interface PipelineAnswer extends LaidOut {
  readonly pipeline: Pipeline;
  /** By the ids of the bridges. */
  readonly children: ReadonlyMap<number, ChildPipeline>;
  readonly upstream: Upstream | undefined;
}

export function jobState(job: PipelineJob) {
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
export function pipelineJson(answer: PipelineAnswer) {
  const { pipeline, graph, edges, children, upstream } = answer;
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
    ...(upstream ? { upstream } : {}),
    jobs: jobsJson(answer, children),
    stages: graph.stages,
    edges: edges.source,
    exact: graph.exact,
    criticalPath: pathJson(answer),
    errors: pipeline.yamlErrors === undefined ? [] : [pipeline.yamlErrors],
  };
}

function jobsJson({ graph, path }: LaidOut, children: ReadonlyMap<number, ChildPipeline>): object[] {
  return graph.jobs.map((job, index) => ({
    ...jobState(job),
    stage: job.stage,
    kind: job.kind,
    allowFailure: job.allowFailure,
    tags: job.tags,
    needs: graph.needs[index]?.flatMap((need) => nameOf(graph, need)).map((name) => ({ job: name })) ?? null,
    ...(job.runner ? { runner: job.runner.description } : {}),
    ...(Number.isFinite(path.slack[index]) ? { slack: path.slack[index] } : {}),
    ...(job.downstream ? { downstream: downstreamJson(job.downstream, children.get(job.id)) } : {}),
  }));
}

/** What a bridge started; with its jobs where it is of the same project. */
function downstreamJson(
  { id, status, source, webUrl }: ChildPipeline['pipeline'],
  child: ChildPipeline | undefined,
) {
  const inside = child ? { jobs: jobsJson(child, new Map()), criticalPath: pathJson(child) } : {};
  return { id, status, source, url: webUrl, ...inside };
}

function pathJson({ graph, timing, path }: LaidOut) {
  return path.steps.map(({ job, start, end, wait }) => ({
    job: nameOf(graph, job)[0],
    start: (start - timing.created) / 1_000,
    end: (end - timing.created) / 1_000,
    ...(wait.job === undefined ? {} : { waitedFor: nameOf(graph, wait.job)[0] }),
    because: wait.because,
    queue: wait.queue,
  }));
}

export function pipelineText(answer: PipelineAnswer): string[] {
  const { pipeline, graph, timing, path, children, upstream } = answer;
  const { id, ref, status, webUrl, yamlErrors } = pipeline;
  const length = pipeline.duration === undefined ? '' : ` in ${duration(pipeline.duration)}`;
  const source = graph.source === 'stages' ? 'stage order' : `needs from ${graph.source ?? 'nobody'}`;
  return [
    `pipeline #${id} ${status} on ${ref}${length}: ${counted(graph.jobs.length, 'job')}, ${source}${graph.exact ? '' : ' (not exact)'}`,
    webUrl,
    ...(upstream ? [upstreamText(upstream)] : []),
    ...(yamlErrors === undefined ? [] : [`error: ${yamlErrors}`]),
    ...stageLines(graph),
    ...graph.jobs.flatMap((job) => childText(job, children.get(job.id))),
    ...(path.steps.length === 0 ? [] : ['', 'critical path']),
    ...path.steps.flatMap(({ job, start, end, wait }) => {
      const before =
        wait.job === undefined ? '' : `  after ${nameOf(graph, wait.job)[0] ?? ''} (${wait.because})`;
      const queue = wait.queue >= 1 ? `  queue ${duration(wait.queue)}` : '';
      const clock = (time: number): string => duration((time - timing.created) / 1_000);
      const line = `  ${clock(start)} to ${clock(end)}  ${nameOf(graph, job)[0] ?? ''}${before}${queue}`;
      return [line, ...innerPath(children.get(graph.jobs[job]?.id ?? 0))];
    }),
  ];
}

function upstreamText({ id, project, bridge }: Upstream): string {
  const by = bridge === undefined ? '' : ` by its bridge ${bridge}`;
  return `started by pipeline #${id}${project === undefined ? '' : ` of ${project}`}${by}`;
}

function stageLines(graph: PipelineGraph): string[] {
  return graph.stages.flatMap((stage, at) => [
    '',
    stage,
    ...table(
      [...graph.jobs.entries()].flatMap(([index, job]) =>
        graph.stageOf[index] === at ? [jobRow(graph, index, job)] : [],
      ),
    ).map((line) => `  ${line}`),
  ]);
}

/** The jobs of what a bridge started. */
function childText({ name }: PipelineJob, child: ChildPipeline | undefined): string[] {
  if (!child) return [];
  const { pipeline, graph } = child;
  const head = `pipeline #${pipeline.id} ${pipeline.status}, started by ${name}: ${counted(graph.jobs.length, 'job')}`;
  return ['', head, ...stageLines(graph).flatMap((line) => (line === '' ? [] : [`  ${line}`]))];
}

function innerPath(child: ChildPipeline | undefined): string[] {
  if (!child || child.path.steps.length === 0) return [];
  const names = child.path.steps.flatMap(({ job }) => nameOf(child.graph, job));
  return [`      in #${child.pipeline.id}: ${names.join(', then ')}`];
}

function jobRow(graph: PipelineGraph, index: number, job: PipelineJob): string[] {
  const needs = graph.needs[index];
  const waits = needs?.flatMap((need) => nameOf(graph, need)) ?? [];
  const how = !needs ? '' : waits.length === 0 ? 'starts at once' : `needs ${waits.join(', ')}`;
  const starts = job.downstream ? `starts #${job.downstream.id} ${job.downstream.status}` : '';
  const state = job.status === 'failed' && job.allowFailure ? 'failed, may fail' : job.status;
  const seconds = job.duration === undefined ? '' : duration(job.duration);
  return [state, job.name, seconds, `#${job.id}`, [how, starts].filter((part) => part !== '').join('; ')];
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
