import type { PipelineJob } from '../gitlab/model.ts';

/** Seconds in which at least one job ran, as GitLab counts the duration of a pipeline; and in which some only waited for a runner. */
export interface PipelineTime {
  readonly seconds: number;
  readonly queue: number;
}

type Span = readonly [from: number, to: number];

/** The time of a pipeline from its jobs; undefined when none ran. Waiting for a hand or for a stage is in neither. */
export function pipelineTime(jobs: readonly PipelineJob[]): PipelineTime | undefined {
  const running: Span[] = [];
  const waiting: Span[] = [];
  for (const { kind, startedAt, finishedAt, queuedDuration = 0 } of jobs) {
    if (kind !== 'build' || startedAt === undefined || finishedAt === undefined) continue;
    const start = Date.parse(startedAt);
    running.push([start, Date.parse(finishedAt)]);
    if (queuedDuration > 0) waiting.push([start - queuedDuration * 1_000, start]);
  }
  if (running.length === 0) return undefined;
  const seconds = covered(running);
  return { seconds, queue: covered([...running, ...waiting]) - seconds };
}

/** Seconds that spans cover together. */
function covered(spans: readonly Span[]): number {
  let [total, until] = [0, Number.NEGATIVE_INFINITY];
  for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
    total += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return total / 1_000;
}

/** Seconds that runners were taken by the jobs, one after the other. */
export function runnerSeconds(jobs: readonly PipelineJob[]): number {
  return jobs.reduce((sum, { kind, duration }) => sum + (kind === 'build' ? (duration ?? 0) : 0), 0);
}
