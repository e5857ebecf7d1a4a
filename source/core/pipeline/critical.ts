import { neighbours } from './adjacency.ts';
import type { PipelineGraph } from './graph.ts';
import type { PipelineTiming } from './timing.ts';

/**
 * What kept a job from starting, the last and longest: `needs` or `stage` (the job before it that ended last), `runner`
 * (it stood in the queue), `retry` (this attempt was made later), `hand` (a manual, delayed or resource-bound start),
 * `pipeline` (nothing: it started with the pipeline).
 */
export interface Wait {
  readonly because: 'needs' | 'stage' | 'runner' | 'retry' | 'hand' | 'pipeline';
  /** The job that was waited for; for `runner` the one whose end freed it where that can be told, else the one before. */
  readonly job?: number;
  /** Seconds from the end of what the graph waits for until it was queued, beyond what GitLab itself takes. */
  readonly held: number;
  /** Seconds in the queue for a runner. */
  readonly queue: number;
}

/** A step of the critical path; times are milliseconds since the epoch. */
export interface CriticalStep {
  readonly job: number;
  readonly queued: number;
  readonly start: number;
  readonly end: number;
  readonly wait: Wait;
}

export interface CriticalPath {
  /** First job first; each waited for the one before it. */
  readonly steps: readonly CriticalStep[];
  readonly on: ReadonlySet<number>;
  /** Milliseconds since the epoch when the last job ends. */
  readonly end: number;
  /** Seconds that each job could end later without the pipeline ending later, by job number; NaN for jobs that do not run. */
  readonly slack: Float64Array;
}

/** GitLab takes a moment between the end of one job and the creation of the next wait; less is not called held. */
const momentMs = 10_000;
/** A wait for a runner shorter than this is its polling, not a queue. */
const pollMs = 10_000;

/** The chain of jobs that ends last, by what each really waited for, and the slack of all others. O(jobs log jobs + edges). */
export function criticalPath(graph: PipelineGraph, timing: PipelineTiming): CriticalPath {
  const freed = runnerEnds(graph, timing);
  const steps: CriticalStep[] = [];
  const on = new Set<number>();
  let job = lastToEnd(timing);
  const end = timing.end[job] ?? Number.NaN;
  while (job >= 0 && !on.has(job)) {
    const wait = waitOf(graph, timing, job, freed);
    on.add(job);
    steps.push({
      job,
      queued: timing.queued[job] ?? Number.NaN,
      start: timing.start[job] ?? Number.NaN,
      end: timing.end[job] ?? Number.NaN,
      wait,
    });
    job = wait.job ?? -1;
  }
  return { steps: steps.reverse(), on, end, slack: slackOf(graph, timing, end) };
}

/** What one job waited for, or waits for. */
export function waitOf(
  graph: PipelineGraph,
  timing: PipelineTiming,
  job: number,
  freed: RunnerEnds = runnerEnds(graph, timing),
): Wait {
  const [ready = 0, queued = 0, start = 0] = [timing.ready[job], timing.queued[job], timing.start[job]];
  const held = Math.max(0, queued - ready);
  const queue = Math.max(0, start - queued);
  const parts = { held: held > momentMs ? held / 1_000 : 0, queue: queue / 1_000 };
  const before = lastJob(graph, timing, job);
  if (queue > Math.max(pollMs, held)) {
    const by = freed.before(job, start);
    const isFreedBy = by !== undefined && (timing.end[by] ?? 0) > queued - momentMs;
    const after = isFreedBy ? by : before;
    return { because: 'runner', ...(after === undefined ? {} : { job: after }), ...parts };
  }
  if (held > momentMs) {
    const made = Date.parse(graph.jobs[job]?.createdAt ?? '');
    const because = made > ready + 1_000 ? 'retry' : 'hand';
    return { because, ...(before === undefined ? {} : { job: before }), ...parts };
  }
  if (before === undefined) return { because: 'pipeline', ...parts };
  return { because: graph.needs[job] ? 'needs' : 'stage', job: before, ...parts };
}

/** The job before `job` in the graph that ended last, looked up through gates. */
function lastJob(graph: PipelineGraph, timing: PipelineTiming, job: number): number | undefined {
  let node = timing.last[job] ?? -1;
  while (node >= graph.jobs.length) node = timing.last[node] ?? -1;
  return node < 0 ? undefined : node;
}

function lastToEnd({ end }: PipelineTiming): number {
  let [latest, found] = [Number.NEGATIVE_INFINITY, -1];
  for (const [job, at] of end.entries()) {
    if (at <= latest || Number.isNaN(at)) continue;
    latest = at;
    found = job;
  }
  return found;
}

function slackOf(graph: PipelineGraph, timing: PipelineTiming, end: number): Float64Array {
  const count = graph.jobs.length;
  const slack = new Float64Array(graph.order.length).fill(Number.POSITIVE_INFINITY);
  for (let at = graph.order.length - 1; at >= 0; at -= 1) {
    const node = graph.order[at] ?? 0;
    const mine = timing.nodeEnd[node] ?? Number.NEGATIVE_INFINITY;
    let least = slack[node] ?? Number.POSITIVE_INFINITY;
    for (const next of neighbours(graph.after, node)) {
      const ready = next < count ? (timing.ready[next] ?? Number.NaN) : (timing.nodeEnd[next] ?? Number.NaN);
      const room = (slack[next] ?? Number.POSITIVE_INFINITY) + ready - mine;
      if (room < least) least = room;
    }
    slack[node] = Math.min(least, node < count && Number.isFinite(mine) ? end - mine : least);
  }
  return slack
    .slice(0, count)
    .map((room, job) =>
      Number.isNaN(timing.end[job] ?? Number.NaN) ? Number.NaN : Math.max(0, room / 1_000),
    );
}

/** Ends of jobs on each runner, to tell whose end freed it. */
export interface RunnerEnds {
  /** The job that ended last on the runner of `job` no later than `at`, but for `job` itself. */
  before(job: number, at: number): number | undefined;
}

const known = new WeakMap<PipelineTiming, RunnerEnds>();

/** The same for the same timing. */
function runnerEnds(graph: PipelineGraph, timing: PipelineTiming): RunnerEnds {
  const ends = known.get(timing) ?? listEnds(graph, timing);
  known.set(timing, ends);
  return ends;
}

function listEnds(graph: PipelineGraph, timing: PipelineTiming): RunnerEnds {
  const lists = new Map<number, number[]>();
  for (const [index, job] of graph.jobs.entries()) {
    if (!job.runner || timing.tense[index] !== 'past') continue;
    const list = lists.get(job.runner.id) ?? [];
    list.push(index);
    lists.set(job.runner.id, list);
  }
  const endOf = (job: number): number => timing.end[job] ?? 0;
  for (const list of lists.values()) list.sort((a, b) => endOf(a) - endOf(b));
  return {
    before(job, at) {
      const runner = graph.jobs[job]?.runner;
      const list = (runner && lists.get(runner.id)) ?? [];
      let [low, high] = [0, list.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (endOf(list[middle] ?? 0) <= at) low = middle + 1;
        else high = middle;
      }
      const found = list[low - 1];
      return found === job ? list[low - 2] : found;
    },
  };
}
