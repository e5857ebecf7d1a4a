import { median } from '../statistics.ts';
import { rankTest } from './rankTest.ts';

/** The chance that a series without any shift shows one. */
const falseAlarms = 0.01;
/** Values on each side of a shift, at least. */
const shortest = 5;

/**
 * Where a series of durations moved to another level: indices of the first value after each shift, ascending. Binary
 * segmentation: the split that leaves the least deviation from the two medians, kept when the rank test tells it from chance
 * even for the best of all splits that were looked at (Bonferroni), then both parts again. Single outliers move nothing.
 */
export function changePoints(values: readonly number[]): number[] {
  return segment(values, 0);
}

function segment(values: readonly number[], offset: number): number[] {
  const candidates = values.length - 2 * shortest + 1;
  if (candidates < 1) return [];
  let [best, least] = [shortest, Number.POSITIVE_INFINITY];
  for (let at = shortest; at <= values.length - shortest; at += 1) {
    const cost = deviation(values.slice(0, at)) + deviation(values.slice(at));
    if (cost < least) [best, least] = [at, cost];
  }
  const [before, after] = [values.slice(0, best), values.slice(best)];
  if (rankTest(before, after) >= falseAlarms / candidates) return [];
  return [...segment(before, offset), offset + best, ...segment(after, offset + best)];
}

function deviation(values: readonly number[]): number {
  const middle = median(values) ?? 0;
  return values.reduce((sum, value) => sum + Math.abs(value - middle), 0);
}
