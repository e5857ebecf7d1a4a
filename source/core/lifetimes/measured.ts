import { type Comparison, compare, type Summary, summarize } from '../statistics.ts';
import { duration } from '../text/format.ts';
import type { KeptInLog } from './log.ts';

/** One run of a job with what its log says. */
export interface JobRecord {
  /** As GitLab names it. */
  readonly job: string;
  readonly pipeline: number;
  readonly ref: string;
  /** ISO 8601 UTC of its end. */
  readonly at: string;
  /** Seconds that it ran. */
  readonly duration: number;
  readonly log: KeptInLog;
}

/** What the last runs of a job say of its caches. Seconds. */
export interface JobMeasure {
  readonly job: string;
  readonly n: number;
  readonly durations: Summary;
  /** Runs that found every cache, and those that did not. */
  readonly warm?: Summary;
  readonly cold?: Summary;
  /** How long it ran when it found its caches, against when it did not. */
  readonly gain: Comparison;
  readonly restoring?: Summary;
  readonly saving?: Summary;
  readonly sendingArtifacts?: Summary;
  readonly gettingArtifacts?: Summary;
  /** Runs that read a cache. */
  readonly reading: number;
  /** Runs whose runner keeps caches by itself. */
  readonly local: number;
}

/** Sums up records of jobs, oldest first. */
export function measureJobs(records: readonly JobRecord[]): ReadonlyMap<string, JobMeasure> {
  const byJob = Map.groupBy(records, ({ job }) => job);
  const measures = [...byJob].flatMap(([job, runs]): [string, JobMeasure][] => {
    const durations = summarize(runs.map((run) => run.duration));
    if (!durations) return [];
    const reading = runs.filter(({ log }) => log.reads.length > 0);
    const warm = reading.filter(({ log }) => log.reads.every(({ isFound }) => isFound));
    const cold = reading.filter((run) => !warm.includes(run));
    const lengths = (some: readonly JobRecord[]): number[] => some.map((run) => run.duration);
    const times = (of: (log: KeptInLog) => number | undefined): Summary | undefined =>
      summarize(runs.flatMap(({ log }) => of(log) ?? []));
    const measure: JobMeasure = {
      job,
      n: runs.length,
      durations,
      gain: compare(lengths(cold), lengths(warm)),
      reading: reading.length,
      local: reading.filter(({ log }) => log.reads.some(({ isLocal }) => isLocal)).length,
      ...some('warm', summarize(lengths(warm))),
      ...some('cold', summarize(lengths(cold))),
      ...some(
        'restoring',
        times(({ restoring }) => restoring),
      ),
      ...some(
        'saving',
        times(({ saving }) => saving),
      ),
      ...some(
        'sendingArtifacts',
        times(({ sendingArtifacts }) => sendingArtifacts),
      ),
      ...some(
        'gettingArtifacts',
        times(({ gettingArtifacts }) => gettingArtifacts),
      ),
    };
    return [[job, measure]];
  });
  return new Map(measures);
}

function some<K extends string>(name: K, summary: Summary | undefined): { [P in K]?: Summary } {
  return (summary ? { [name]: summary } : {}) as { [P in K]?: Summary };
}

/** `found in 3 of 8 runs`, and what that was seen to save, in one line. */
export function cacheText({ reading, warm, gain, local }: JobMeasure): string {
  if (reading === 0) return 'no run reads a cache';
  const found = `found in ${warm?.n ?? 0} of ${reading} runs`;
  return `${found}${local > 0 ? `, ${local} on runners that keep caches on their own disks` : ''}; ${gainText(gain)}`;
}

function gainText(gain: Comparison): string {
  if (gain.verdict === 'too-few')
    return `too few runs with it (${gain.after}) and without it (${gain.before}) to say what it saves: ${gain.needed} of each are needed`;
  const between = `${duration(gain.before.median)} without it (N ${gain.before.n}), ${duration(gain.after.median)} with it (N ${gain.after.n})`;
  return gain.verdict === 'less'
    ? `saves ${duration(-gain.shift)}: ${between}`
    : `saves nothing that was measured: ${between}`;
}

/** `12s (N 5)`. */
export function secondsText(summary: Summary | undefined): string {
  return summary ? `${duration(summary.median)} (median, N ${summary.n})` : 'not measured';
}
