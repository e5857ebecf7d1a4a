import type { BazelRemoteMetrics, HitRate } from '../core/bazel/metrics.ts';
import { hitRate } from '../core/bazel/metrics.ts';

/** Milliseconds over which hits are counted. */
const window = 15 * 60_000;

/** Counts hits over the last quarter of an hour, as far as this run has looked; a restarted server begins anew. */
export function createHitRates(): (metrics: BazelRemoteMetrics | undefined) => HitRate | null | undefined {
  let scrapes: BazelRemoteMetrics[] = [];
  let last: { metrics: BazelRemoteMetrics; rate: HitRate | null | undefined } | undefined;
  return (metrics) => {
    if (!metrics) return undefined;
    if (last?.metrics === metrics) return last.rate;
    scrapes = scrapes.filter(
      ({ at, processStart }) => at > metrics.at - window && processStart === metrics.processStart,
    );
    const [first] = scrapes;
    scrapes.push(metrics);
    last = { metrics, rate: first ? hitRate(first, metrics) : undefined };
    return last.rate;
  };
}
