import type { PipelineJob } from '../gitlab/model.ts';
import { percentile } from '../statistics.ts';
import type { CriticalPath } from './critical.ts';
import type { PipelineGraph } from './graph.ts';
import type { RunnerSpec } from './runners.ts';
import { simulate, type TimedJob } from './simulate.ts';
import type { PipelineTiming } from './timing.ts';

/** How well the simulation retells a finished pipeline with its own durations; seconds. */
export interface Replay {
  readonly real: number;
  /** Of `real`, the time that the critical path waited for a hand or a later attempt, which no simulation knows. */
  readonly held: number;
  readonly simulated: number;
  /** `simulated / (real − held) − 1`; undefined when nothing ran. */
  readonly error?: number;
  /** Seconds that a runner took to pick a job up when it was free, added to each job. */
  readonly pickUp: number;
  readonly jobs: number;
}

/** Jobs as the simulation takes them, in the order in which GitLab hands them out (by id), without those that did not and will not run. `seconds` undefined leaves a job out. */
export function timedJobs(
  graph: PipelineGraph,
  seconds: (job: PipelineJob, index: number) => number | undefined,
): TimedJob[] {
  const byAge = [...graph.jobs.entries()].sort(([, a], [, b]) => a.id - b.id);
  return byAge.flatMap(([index, job]): TimedJob[] => {
    const duration = seconds(job, index);
    if (duration === undefined || graph.byName.get(job.name) !== index) return [];
    const needs = graph.needs[index] ?? null;
    return [
      {
        name: job.name,
        stage: job.stage,
        needs: needs?.flatMap((need) => graph.jobs[need]?.name ?? []) ?? null,
        when: job.status === 'manual' ? 'manual' : 'on_success',
        allowFailure: job.allowFailure,
        tags: job.tags,
        duration,
        isBridge: job.kind === 'bridge',
      },
    ];
  });
}

/** The runners that ran a pipeline, as far as it shows: the tags that each served, and the most jobs it had at once. */
export function observedRunners(graph: PipelineGraph, timing: PipelineTiming): RunnerSpec[] {
  const byId = new Map<number, number[]>();
  for (const [index, { runner }] of graph.jobs.entries()) {
    if (!runner || Number.isNaN(timing.start[index] ?? Number.NaN)) continue;
    const list = byId.get(runner.id) ?? [];
    list.push(index);
    byId.set(runner.id, list);
  }
  return [...byId].map(([id, jobs]) => {
    const tags = jobs.flatMap((job) => graph.jobs[job]?.tags ?? []);
    return {
      name: `${graph.jobs[jobs[0] ?? 0]?.runner?.description ?? 'runner'} #${id}`,
      tags: [...new Set(tags)].sort(),
      runUntagged: jobs.some((job) => graph.jobs[job]?.tags.length === 0),
      concurrent: atOnce(jobs, timing),
    };
  });
}

/** Replays a finished pipeline on the runners it had; jobs without a known runner start when they may. */
export function replay(graph: PipelineGraph, timing: PipelineTiming, path: CriticalPath): Replay {
  const pickUp = pickUpTime(graph, timing);
  const jobs = timedJobs(graph, (job, index) => {
    if (timing.tense[index] !== 'past') return undefined;
    // A bridge is handed over, not picked up: its own wait is part of it.
    const from = job.kind === 'bridge' ? timing.queued[index] : timing.start[index];
    const seconds = Math.max(0, ((timing.end[index] ?? 0) - (from ?? 0)) / 1_000);
    return job.kind === 'bridge' ? seconds : seconds + pickUp;
  }).map((job): TimedJob => ({ ...job, when: 'on_success' }));
  const runners = observedRunners(graph, timing);
  const isServed = graph.jobs.every(
    ({ runner, kind }, index) => kind === 'bridge' || runner || timing.tense[index] !== 'past',
  );
  const first = timing.queued.reduce(
    (least, at) => (Number.isNaN(at) ? least : Math.min(at, least)),
    Infinity,
  );
  const simulation = simulate(graph.stages, jobs, isServed ? runners : undefined);
  const real = Number.isFinite(first) ? (path.end - first) / 1_000 : 0;
  const held = path.steps.reduce((sum, { wait }) => sum + wait.held, 0);
  const moved = real - held;
  return {
    real,
    held,
    simulated: simulation.wallClock,
    ...(moved > 0 ? { error: simulation.wallClock / moved - 1 } : {}),
    pickUp,
    jobs: jobs.length,
  };
}

/** A low percentile of the time in the queue: what a job waits even when a runner is free. At most half a minute. */
function pickUpTime(graph: PipelineGraph, timing: PipelineTiming): number {
  const waits = graph.jobs.flatMap(({ kind }, job) =>
    kind === 'build' && timing.tense[job] === 'past'
      ? [((timing.start[job] ?? 0) - (timing.queued[job] ?? 0)) / 1_000]
      : [],
  );
  if (waits.length === 0) return 0;
  return Math.min(
    30,
    percentile(
      waits.sort((a, b) => a - b),
      0.1,
    ),
  );
}

function atOnce(jobs: readonly number[], timing: PipelineTiming): number {
  const moves = jobs
    .flatMap((job): [number, number][] => [
      [timing.start[job] ?? 0, 1],
      [timing.end[job] ?? 0, -1],
    ])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let [now, most] = [0, 1];
  for (const [, by] of moves) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}
