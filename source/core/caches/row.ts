import type { HitRate } from '../bazel/metrics.ts';
import type { Evidence, Rung } from '../evidence.ts';
import type { CacheKind } from './model.ts';

/** One line of the Caches pane and of `caches`. */
export interface CacheRow {
  /** The subject's id: `cache/attic`. */
  readonly id: string;
  readonly kind: CacheKind;
  readonly name: string;
  readonly url?: string;
  readonly rung: Rung;
  /** Seconds. */
  readonly latency?: number;
  /** Bytes. */
  readonly used?: number;
  readonly limit?: number;
  /** Null when there was no traffic in the window; absent when it cannot be known. */
  readonly hitRate?: HitRate | null;
  readonly version?: string;
  readonly publicKey?: string;
  /** Where what the files say and what answers differ, a line each. */
  readonly drift: readonly string[];
  readonly evidence: readonly Evidence[];
  /** Ids. */
  readonly findings: readonly string[];
}
