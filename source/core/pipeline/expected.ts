import type { ResolvedJobSet } from '../ci/jobSet.ts';
import type { Job } from '../ci/model.ts';
import { get, isNull } from '../ci/yaml/node.ts';
import { median } from '../statistics.ts';
import { type History, usualDuration } from './history.ts';
import type { TimedJob } from './simulate.ts';

/** Seconds for a job of unknown duration when no duration is known at all. */
const fallbackDuration = 60;

export interface Expected {
  readonly jobs: readonly TimedJob[];
  /** Names of jobs that never ran as far as is known, and the seconds that each of them counts. */
  readonly guessed: readonly string[];
  readonly guess: number;
}

/** The jobs of a set with the median of how long they ran. */
export function expectedJobs({ jobs }: Pick<ResolvedJobSet, 'jobs'>, history: History): Expected {
  const known = new Map(jobs.map((job) => [job.name, usualSeconds(job, history)] as const));
  const seconds = [...known.values()].filter((value) => value !== undefined);
  const guess = median(seconds) ?? fallbackDuration;
  const guessed = jobs.flatMap(({ name }) => (known.get(name) === undefined ? [name] : []));
  const timed = jobs.map(
    (job): TimedJob => ({
      ...job,
      needs: job.needs?.map((need) => need.job) ?? null,
      duration: known.get(job.name) ?? guess,
      isBridge: isBridge(job),
    }),
  );
  return { jobs: timed, guessed, guess };
}

function usualSeconds(job: Job, history: History): number | undefined {
  const usual = usualDuration(history, job.name) ?? usualDuration(history, job.definition.name);
  return usual?.median ?? (isBridge(job) ? 0 : undefined);
}

function isBridge({ definition }: Job): boolean {
  return !isNull(get(definition.keywords, 'trigger'));
}
