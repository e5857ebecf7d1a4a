import { hashOf, type Store } from './store.ts';

/** One bazel-remote process. */
export interface BazelRemoteProcess {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** When the process started, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** Bytes. */
  readonly maxSize: number;
  readonly version: string;
  readonly commit: string;
  /** `--enable_endpoint_metrics`. */
  readonly hasMetrics: boolean;
  /** Whether a request with this header may read or write; absent where everybody may. */
  readonly admits?: (what: 'read' | 'write', authorization: string | undefined) => boolean;
  /** Requests answered, by code and method. */
  readonly httpRequests: Map<string, number>;
  readonly grpcCalls: Map<string, number>;
}

/** A made-up but stable commit for a version. */
export function commitOf(version: string): string {
  return version === 'v2.6.2'
    ? '3cb3084b57542c260860a484afcfe69557f6b27c'
    : hashOf(Buffer.from(version)).slice(0, 40);
}

export function count(counters: Map<string, number>, name: string): void {
  counters.set(name, (counters.get(name) ?? 0) + 1);
}
