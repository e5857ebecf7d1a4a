import type { CacheRow } from '../core/caches/row.ts';
import { bytes, duration, latency, percent } from '../core/text/format.ts';
import type { Snapshot } from '../monitor/snapshot.ts';
import { type AnswerOptions, evidenceText, printJson, printLines, rungText, statusOf } from './answer.ts';
import type { Io } from './io.ts';
import { table } from './table.ts';
import { printable } from './text.ts';

/** `caches`: each cache with its rung, size, latency, hit rate and drift. Gives the exit status. */
export function showCaches(snapshot: Snapshot, { json, now }: AnswerOptions, io: Io): number {
  const { caches, findings } = snapshot;
  const own = new Set(caches.flatMap(({ findings: ids }) => ids));
  const status = statusOf(
    [snapshot.checkout, snapshot.attic, snapshot.bazelRemote],
    findings.filter(({ id }) => own.has(id)),
  );
  if (json) {
    printJson(io, 'caches', now, { caches });
    return status;
  }
  const rows = caches.map((row) => [
    rungText(row.rung),
    row.name,
    figures(row),
    evidenceText(row.evidence, now),
  ]);
  const drift = caches.flatMap(({ name, drift: lines }) =>
    lines.map((line) => printable(`drift in ${name}: ${line}`)),
  );
  printLines(io, [...table(rows), ...drift]);
  return status;
}

/** `12 ms, 3 GiB of 50 GiB, 87 % of 120 in 15m, v2.6.2`; what is not known is left out. */
function figures({ latency: seconds, used, limit, hitRate, version }: CacheRow): string {
  return [
    seconds === undefined ? undefined : latency(seconds),
    used === undefined ? undefined : `${bytes(used)}${limit === undefined ? '' : ` of ${bytes(limit)}`}`,
    hitRate === null
      ? 'no traffic'
      : hitRate && `${percent(hitRate.ratio)} hits of ${hitRate.n} in ${duration(hitRate.window)}`,
    version,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}
