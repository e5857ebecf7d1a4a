import type { EventEffect } from '../../core/ci/effect.ts';
import type { Job } from '../../core/ci/model.ts';
import type { Change } from '../../core/pipeline/whatIf.ts';
import type { ExpectedDuration } from './change.ts';

/**
 * A change of the configuration as changes of one event's pipeline, for the simulation: what jobs wait for, their stages and
 * tags, how long they are expected to run, and those that vanish. Jobs that appear are not in it.
 */
export function pipelineChanges(
  { before, after, vanished }: EventEffect,
  durations: readonly ExpectedDuration[] = [],
): Change[] {
  const later = new Map(after.jobs.map((job) => [job.name, job]));
  const moved = before.jobs.flatMap((job) => {
    const now = later.get(job.name);
    return now ? jobChanges(job, now, durations) : [];
  });
  return [...moved, ...vanished.map((job): Change => ({ kind: 'remove', job }))];
}

function jobChanges(job: Job, now: Job, durations: readonly ExpectedDuration[]): Change[] {
  const changes: Change[] = [];
  const { name } = job;
  if (job.stage !== now.stage) changes.push({ kind: 'stage', job: name, stage: now.stage });
  const [needs, wanted] = [names(job), names(now)];
  if (JSON.stringify(needs) !== JSON.stringify(wanted))
    changes.push({ kind: 'needs', job: name, needs: wanted });
  if (job.tags.join('\0') !== now.tags.join('\0')) changes.push({ kind: 'tags', job: name, tags: now.tags });
  const expected = durations.find((one) => one.job === name || one.job === job.definition.name);
  const seconds = expected?.warm ?? expected?.cold;
  if (seconds !== undefined) changes.push({ kind: 'duration', job: name, seconds });
  return changes;
}

function names({ needs }: Job): readonly string[] | null {
  return needs?.map(({ job }) => job) ?? null;
}
