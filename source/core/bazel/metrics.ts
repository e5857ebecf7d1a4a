import { parsePrometheus, type Sample } from './prometheus.ts';

/** Counters of one scrape of one server process. */
export interface BazelRemoteMetrics {
  /** Milliseconds since the epoch of the scrape. */
  readonly at: number;
  /** Seconds since the epoch; a different value is another process, whose counters start at zero. */
  readonly processStart: number;
  readonly hits: number;
  readonly misses: number;
  readonly evictedBytes?: number;
}

/** Hits among action-cache reads between two scrapes of one process. */
export interface HitRate {
  readonly ratio: number;
  /** Reads in the window. */
  readonly n: number;
  /** Seconds. */
  readonly window: number;
}

const requests = 'bazel_remote_incoming_requests_total';

/**
 * The counters of one scrape of bazel-remote, taken at `at` (milliseconds since the epoch); undefined when the text is not
 * that of a bazel-remote with metrics. Only reads of the action cache count: CAS reads hit by construction, and misses of
 * `contains` are uploads.
 */
export function bazelRemoteMetrics(text: string, at: number): BazelRemoteMetrics | undefined {
  const samples = parsePrometheus(text);
  const processStart = samples.find(({ name }) => name === 'process_start_time_seconds')?.value;
  const reads = samples.filter(
    ({ name, labels }) => name === requests && labels.kind === 'ac' && labels.method === 'get',
  );
  const hits = sum(reads, 'hit');
  const misses = sum(reads, 'miss');
  if (processStart === undefined || hits === undefined || misses === undefined) return undefined;
  const evictedBytes = samples.find(
    ({ name }) => name === 'bazel_remote_disk_cache_evicted_bytes_total',
  )?.value;
  return { at, processStart, hits, misses, ...(evictedBytes === undefined ? {} : { evictedBytes }) };
}

function sum(reads: readonly Sample[], status: string): number | undefined {
  const values = reads.filter(({ labels }) => labels.status === status).map(({ value }) => value);
  const total = values.reduce((all, one) => all + one, 0);
  return values.length > 0 && Number.isFinite(total) && total >= 0 ? total : undefined;
}

/**
 * Hits among the action-cache reads between two scrapes. Null when there was no read in between; undefined when the two
 * cannot be compared: of different processes, not in order, or with a counter that went back.
 */
export function hitRate(before: BazelRemoteMetrics, after: BazelRemoteMetrics): HitRate | null | undefined {
  const hits = after.hits - before.hits;
  const misses = after.misses - before.misses;
  const window = (after.at - before.at) / 1000;
  if (before.processStart !== after.processStart) return undefined;
  if (!(hits >= 0 && misses >= 0 && window > 0)) return undefined;
  const n = hits + misses;
  return n === 0 ? null : { ratio: hits / n, n, window };
}
