/** Something that is fetched again and again. */
export interface SourceDefinition<T> {
  /** What to set so that there is something to fetch; absent when there is. */
  readonly off?: string;
  /** Milliseconds between fetches while it is on the screen, and while it is not; a hidden one without `hidden` rests. */
  readonly shown: number | ((value: T | undefined) => number);
  readonly hidden?: number;
  readonly fetch: (signal: AbortSignal, previous: T | undefined) => Promise<T>;
  /** False for values that are no plain data: they keep their identity only when `fetch` gives the same one. */
  readonly isPlain?: boolean;
}

const longest = 5 * 60 * 1_000;

/** Milliseconds until the next fetch: doubled for each failure in a row, up to five minutes, and 10 % of jitter: 0 to 1 for less to more. */
export function nextFetch(interval: number, failures: number, jitter: number): number {
  const slowed = failures === 0 ? interval : Math.max(interval, Math.min(longest, interval * 2 ** failures));
  return Math.round(slowed * (0.9 + 0.2 * jitter));
}
