import { percentile, summarize } from '../statistics.ts';
import type { Measured, Run, Window } from './model.ts';

/** Runs on a side from which a median is judged; fewer are shown, and not judged. */
export const neededRuns = 5;

/** Median, quartiles and window of runs; null without any. */
export function measure(runs: readonly Run[]): Measured | null {
  const summary = summarize(runs.map(({ seconds }) => seconds));
  const window = windowOf(runs.map(({ at }) => at));
  if (!summary || !window) return null;
  const { median, low, high, n } = summary;
  const queues = runs.map(({ queue }) => queue).sort((a, b) => a - b);
  return { median, low, high, n, window, queue: percentile(queues, 0.5) };
}

/** From the earliest to the latest of some times in milliseconds. */
export function windowOf(times: readonly number[]): Window | undefined {
  if (times.length === 0) return undefined;
  const [first, last] = times.reduce(
    ([least, most], at) => [Math.min(least, at), Math.max(most, at)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return { from: new Date(first).toISOString(), to: new Date(last).toISOString() };
}
