/** What is known of a number that was measured several times; a number without its N is not shown. */
export interface Summary {
  readonly n: number;
  readonly median: number;
  /** First and third quartile. */
  readonly low: number;
  readonly high: number;
  readonly min: number;
  readonly max: number;
  /** Median of the absolute deviations from the median. */
  readonly mad: number;
}

/** The value below which the share `at` (0 to 1) lies, between neighbours linearly. `sorted` ascends and is not empty. */
export function percentile(sorted: ArrayLike<number>, at: number): number {
  const place = Math.min(Math.max(at, 0), 1) * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (high - low) * (place - below);
}

/** Undefined without values. */
export function median(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : percentile(ascending(values), 0.5);
}

/** Undefined without a finite value. */
export function summarize(values: readonly number[]): Summary | undefined {
  const sorted = ascending(values);
  if (sorted.length === 0) return undefined;
  const middle = percentile(sorted, 0.5);
  const deviations = sorted.map((value) => Math.abs(value - middle)).sort((x, y) => x - y);
  return {
    n: sorted.length,
    median: middle,
    low: percentile(sorted, 0.25),
    high: percentile(sorted, 0.75),
    min: percentile(sorted, 0),
    max: percentile(sorted, 1),
    mad: percentile(deviations, 0.5),
  };
}

/** The fewest runs on each side from which a difference can be told from chance at 5 % (two-sided rank test). */
const enoughRuns = 4;

/** `more` and `less` are the values after, against those before. */
export type Comparison =
  | { readonly verdict: 'too-few'; readonly before: number; readonly after: number; readonly needed: number }
  | {
      readonly verdict: 'more' | 'less' | 'same';
      readonly before: Summary;
      readonly after: Summary;
      /** After minus before: the Hodges–Lehmann estimate, and the interval that holds it 19 times in 20. */
      readonly shift: number;
      readonly shiftLow: number;
      readonly shiftHigh: number;
    };

/** Only the newest so many values of a side are compared, so that all pairs stay few. */
const most = 200;

/** Tells a change from chance by ranks (Mann–Whitney); values are oldest first. Says `too-few` rather than guess. */
export function compare(before: readonly number[], after: readonly number[]): Comparison {
  const [a, b] = [ascending(before.slice(-most)), ascending(after.slice(-most))];
  const [from, to] = [summarize(a), summarize(b)];
  if (!from || !to || from.n < enoughRuns || to.n < enoughRuns)
    return { verdict: 'too-few', before: a.length, after: b.length, needed: enoughRuns };
  const differences = new Float64Array(from.n * to.n);
  for (const [row, later] of b.entries())
    for (const [column, earlier] of a.entries()) differences[row * from.n + column] = later - earlier;
  differences.sort();
  const pairs = differences.length;
  const spread = Math.sqrt((pairs * (from.n + to.n + 1)) / 12);
  const rank = Math.max(0, Math.floor(pairs / 2 - 1.96 * spread));
  const [shiftLow, shiftHigh] = [differences[rank] ?? 0, differences[pairs - 1 - rank] ?? 0];
  return {
    verdict: shiftLow > 0 ? 'more' : shiftHigh < 0 ? 'less' : 'same',
    before: from,
    after: to,
    shift: percentile(differences, 0.5),
    shiftLow,
    shiftHigh,
  };
}

/**
 * Whether one value is out of the ordinary: farther from the median than three times the usual deviation (1.4826 MAD, as
 * for a normal distribution) and than a tenth of the median. Undefined with too few runs to know what is ordinary.
 */
export function unusual(value: number, usual: Summary | undefined): 'more' | 'less' | 'same' | undefined {
  if (!usual || usual.n < enoughRuns) return undefined;
  const allowed = Math.max(3 * 1.4826 * usual.mad, Math.abs(usual.median) / 10);
  const away = value - usual.median;
  return Math.abs(away) <= allowed ? 'same' : away > 0 ? 'more' : 'less';
}

function ascending(values: readonly number[]): number[] {
  return values.filter(Number.isFinite).sort((x, y) => x - y);
}
