import { median } from '../../core/statistics.ts';
import { counted } from '../../core/text/format.ts';
import type { ExpectedDuration } from '../rollout/change.ts';
import type { ImageRun } from './cachedRuns.ts';

/** Seconds: the plan's table has two to three minutes for a container that is built again. */
const promised = 150;
/** The least that the plan promises: three times as fast. */
const least = 3;

/** How long image jobs are taken to run once the cache is filled: as such runs took, else as the plan promises. */
export function expectedDurations(jobs: readonly string[], runs: readonly ImageRun[]): ExpectedDuration[] {
  return jobs.flatMap((job): ExpectedDuration[] => {
    const own = runs.filter((run) => run.job === job);
    const cached = own.filter(({ shows }) => shows.length > 0).map(({ duration }) => duration);
    const warm = median(cached);
    const cold = median(own.filter(({ shows }) => shows.length === 0).map(({ duration }) => duration));
    const first = cold === undefined ? {} : { cold };
    if (warm !== undefined)
      return [
        {
          job,
          ...first,
          warm,
          because: `median of ${counted(cached.length, 'run')} whose log shows the cache`,
        },
      ];
    if (cold === undefined) return [];
    return [
      {
        job,
        cold,
        warm: Math.min(promised, cold / least),
        because:
          cold / least > promised
            ? 'the plan’s promise of two to three minutes, never measured here'
            : 'the plan’s promise of three times as fast, never measured here',
      },
    ];
  });
}
