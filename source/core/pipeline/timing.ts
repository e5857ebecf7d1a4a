import type { PipelineJob, PipelineStatus } from '../gitlab/model.ts';
import { neighbours } from './adjacency.ts';
import type { PipelineGraph } from './graph.ts';

/** What history says of a job: seconds it runs and seconds it waits for a runner. */
export interface Expectation {
  readonly duration?: number;
  readonly queue?: number;
}

export interface TimingOptions {
  /** Milliseconds since the epoch, by GitLab's clock. */
  readonly now: number;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
  /** Without it, jobs that have not ended have no expected end. */
  readonly expect?: (job: PipelineJob) => Expectation | undefined;
}

/**
 * `past`: it has ended. `now`: it runs. `coming`: it will run as far as can be seen. `never`: it was skipped, canceled before
 * it started, waits for a hand, or stands behind one that failed.
 */
export type Tense = 'past' | 'now' | 'coming' | 'never';

/** When things happened, or are expected to, by job number; milliseconds since the epoch, NaN where nobody knows. */
export interface PipelineTiming {
  readonly created: number;
  readonly tense: readonly Tense[];
  /** What it waits for in the graph had ended. */
  readonly ready: Float64Array;
  /** It began to wait for a runner. */
  readonly queued: Float64Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** The node before it that ended last, by node number; -1 where there is none. */
  readonly last: Int32Array;
  /** Ends of nodes, gates included; `-Infinity` where nothing was waited for. */
  readonly nodeEnd: Float64Array;
  /** Jobs whose end is a guess of the options, and jobs that have none. */
  readonly guessed: number;
  readonly unknown: number;
  readonly now: number;
}

const over: ReadonlySet<PipelineStatus> = new Set(['success', 'failed', 'canceled', 'skipped']);

/** True when a job or pipeline of this status will not move by itself any more. */
export function hasEnded(status: PipelineStatus): boolean {
  return over.has(status);
}

/** True when a job of this status stands on a runner. */
export function isRunning(status: PipelineStatus): boolean {
  return status === 'running' || status === 'canceling';
}

/** Lays the jobs out in time. O(jobs + edges). Runners are taken to be free for what has not started yet. */
export function pipelineTiming(graph: PipelineGraph, options: TimingOptions): PipelineTiming {
  const count = graph.jobs.length;
  const nodes = graph.order.length;
  const created = Date.parse(options.createdAt);
  const tense: Tense[] = new Array<Tense>(count).fill('never');
  const blank = (): Float64Array => new Float64Array(count).fill(Number.NaN);
  const [ready, queued, start, end] = [blank(), blank(), blank(), blank()];
  const last = new Int32Array(nodes).fill(-1);
  const nodeEnd = new Float64Array(nodes).fill(Number.NEGATIVE_INFINITY);
  const blocked = new Uint8Array(nodes);
  let [guessed, unknown] = [0, 0];

  for (const node of graph.order) {
    let [latest, stopped] = [Number.NEGATIVE_INFINITY, false];
    for (const previous of neighbours(graph.before, node)) {
      const ended = nodeEnd[previous] ?? Number.NEGATIVE_INFINITY;
      if (ended > latest) {
        latest = ended;
        last[node] = previous;
      }
      stopped ||= blocked[previous] === 1;
    }
    const job = graph.jobs[node];
    if (!job) {
      nodeEnd[node] = latest;
      blocked[node] = stopped ? 1 : 0;
      continue;
    }
    const from = Number.isFinite(latest) ? latest : created;
    const place = timeJob(job, from, stopped, options);
    tense[node] = place.tense;
    blocked[node] = isInTheWay(job, place.tense) ? 1 : 0;
    if (place.tense === 'never') continue;
    ready[node] = from;
    queued[node] = place.queued;
    start[node] = place.start;
    end[node] = place.end;
    nodeEnd[node] = place.end;
    if (place.guess === 'yes') guessed += 1;
    if (place.guess === 'none') unknown += 1;
  }
  return { created, tense, ready, queued, start, end, last, nodeEnd, guessed, unknown, now: options.now };
}

interface JobTime {
  readonly tense: Tense;
  readonly queued: number;
  readonly start: number;
  readonly end: number;
  readonly guess: 'no' | 'yes' | 'none';
}

const nothing: JobTime = {
  tense: 'never',
  queued: Number.NaN,
  start: Number.NaN,
  end: Number.NaN,
  guess: 'no',
};

function timeJob(job: PipelineJob, ready: number, stopped: boolean, options: TimingOptions): JobTime {
  const started = parse(job.startedAt);
  const finished = parse(job.finishedAt);
  const { now, expect } = options;
  if (hasEnded(job.status)) {
    if (started === undefined) return nothing;
    const end = finished ?? (job.duration === undefined ? started : started + job.duration * 1_000);
    return {
      tense: 'past',
      queued: queuedAt(job, started),
      start: started,
      end: Math.max(end, started),
      guess: 'no',
    };
  }
  const expected = expect?.(job);
  const length = expected?.duration === undefined ? undefined : expected.duration * 1_000;
  const guess = length === undefined ? 'none' : 'yes';
  if (started !== undefined) {
    const end = Math.max(now, length === undefined ? now : started + length);
    return { tense: 'now', queued: queuedAt(job, started), start: started, end, guess };
  }
  const waits = job.status === 'manual' || (stopped && job.status === 'created');
  if (waits) return nothing;
  const isQueued = job.status === 'pending' || job.status === 'waiting_for_resource';
  const since = isQueued && job.queuedDuration !== undefined ? now - job.queuedDuration * 1_000 : ready;
  const queued = isQueued ? Math.min(since, now) : Math.max(ready, now);
  const start = Math.max(now, queued + (expected?.queue ?? 0) * 1_000);
  return { tense: 'coming', queued, start, end: start + (length ?? 0), guess };
}

function queuedAt(job: PipelineJob, started: number): number {
  return started - Math.max(0, job.queuedDuration ?? 0) * 1_000;
}

/** Whether what waits for the job will not run while it is so. */
function isInTheWay(job: PipelineJob, tense: Tense): boolean {
  if (job.status === 'failed' || job.status === 'canceled') return !job.allowFailure;
  if (job.status === 'manual') return !job.allowFailure;
  return tense === 'never' && job.status === 'created';
}

function parse(time: string | undefined): number | undefined {
  if (time === undefined) return undefined;
  const at = Date.parse(time);
  return Number.isNaN(at) ? undefined : at;
}
