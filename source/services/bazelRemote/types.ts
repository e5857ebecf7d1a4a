import type { BazelRemoteState } from '../../core/caches/model.ts';

/** One bazel-remote server, read. */
export interface BazelRemote {
  readonly http: string;
  readonly grpc: string;
  /** Looks at every part; a part that fails is a part, not a throw. */
  look(signal?: AbortSignal): Promise<BazelRemoteState>;
}
