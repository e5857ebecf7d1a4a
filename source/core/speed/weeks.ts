import { percentile, summarize } from '../statistics.ts';
import type { Measured, Run } from './model.ts';

/** Milliseconds. */
const week = 7 * 86_400_000;

/** A stretch of time in milliseconds since the epoch. */
export interface Stretch {
  readonly since: number;
  readonly now: number;
}

/** The whole weeks of a stretch, counted back from its end, oldest first. */
function wholeWeeks({ since, now }: Stretch): readonly Stretch[] {
  const length = Math.max(0, Math.floor((now - since) / week));
  return Array.from({ length }, (_, index) => ({
    since: now - (length - index) * week,
    now: now - (length - index - 1) * week,
  }));
}

/** Whole days of a stretch. */
export function wholeDays({ since, now }: Stretch): number {
  return Math.max(0, Math.floor((now - since) / 86_400_000));
}

/**
 * How often something ran in a whole week, for each name of it; `n` counts weeks. Weeks without any pipeline are left out:
 * nothing had to run in them. Null without a run or a whole week.
 */
export function weeklyCounts(
  runs: readonly (Run & { readonly name?: string })[],
  pipelines: readonly number[],
  stretch: Stretch,
): Measured | null {
  if (runs.length === 0) return null;
  const names = new Set(runs.map(({ name }) => name)).size;
  return weekly(stretch, ({ since, now }) => {
    if (!pipelines.some((at) => at >= since && at < now)) return undefined;
    const inside = runs.filter(({ at }) => at >= since && at < now);
    return { value: inside.length / names, queues: inside.map(({ queue }) => queue) };
  });
}

/** A number of each whole week for which there is one, as median and quartiles. */
export function weekly(
  stretch: Stretch,
  numberOf: (week: Stretch) => { readonly value: number; readonly queues?: readonly number[] } | undefined,
): Measured | null {
  const weeks = wholeWeeks(stretch);
  const [first] = weeks;
  const values = weeks.flatMap((one) => numberOf(one) ?? []);
  const summary = summarize(values.map(({ value }) => value));
  if (!summary || !first) return null;
  const queues = values.flatMap((one) => one.queues ?? []).sort((a, b) => a - b);
  return {
    median: summary.median,
    low: summary.low,
    high: summary.high,
    n: summary.n,
    window: { from: new Date(first.since).toISOString(), to: new Date(stretch.now).toISOString() },
    queue: queues.length === 0 ? 0 : percentile(queues, 0.5),
  };
}
