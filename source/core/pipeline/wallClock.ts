import type { PipelineJob } from '../gitlab/model.ts';

/** Seconds from a pipeline's creation to its last job's end, jobs started by hand left out; undefined when nothing ran. */
export function wallClock(jobs: readonly PipelineJob[]): number | undefined {
  const ran = jobs.filter(({ startedAt, finishedAt }) => startedAt !== undefined && finishedAt !== undefined);
  if (ran.length === 0) return undefined;
  const created = Math.min(...jobs.map(({ createdAt }) => Date.parse(createdAt)));
  const ended = Math.max(...ran.map(({ finishedAt = '' }) => Date.parse(finishedAt)));
  return Math.max(0, (ended - created) / 1_000);
}
