import type { BazelRemoteMetrics } from '../bazel/metrics.ts';
import type { Part } from '../datum.ts';
import type { AtticToken } from '../nix/atticToken.ts';

/** What one look at an Attic cache saw, part by part. */
export interface AtticState {
  /** Without a trailing slash: `https://nix-cache.example/main`. */
  readonly url: string;
  readonly cache: string;
  /** Seconds from request to answer of nix-cache-info. */
  readonly latency?: number;
  readonly info: Part<{
    readonly storeDir: string;
    readonly wantMassQuery: boolean;
    readonly priority: number;
  }>;
  readonly config: Part<AtticConfig>;
  /** The signature of one real narinfo against the server's key; absent when no store path is known to ask for. */
  readonly narinfo?: Part<{
    readonly storePath: string;
    readonly keyName: string;
    /** As Nix checks it. */
    readonly verified: boolean;
    /** One line: why it is not verified, or what to know although it is. */
    readonly because?: string;
  }>;
  /** Read from the token itself, without asking anyone: advisory. Absent without a token. */
  readonly token?: AtticToken;
  /** Whether the server grants push to the token, probed with get-missing-paths; absent without a token. */
  readonly push?: Part<'granted' | 'refused'>;
  /** What is risky or odd although the parts above may be fine; absent when nothing is. */
  readonly notes?: readonly AtticNote[];
}

/** One thing to make a finding of, in one line that is safe to show. */
export interface AtticNote {
  readonly code:
    | 'token-dropped'
    | 'token-rights'
    | 'token-in-clear'
    | 'api-endpoint'
    | 'substituter-endpoint'
    | 'store-dir'
    | 'redirected';
  readonly text: string;
}

export interface AtticConfig {
  /** `main:<base64>`. */
  readonly publicKey?: string;
  readonly isPublic: boolean;
  readonly substituterEndpoint?: string;
  readonly apiEndpoint?: string;
  readonly storeDir?: string;
  readonly priority?: number;
  readonly upstreamKeyNames: readonly string[];
  /** Seconds; `global` for the server's default. */
  readonly retention?: number | 'global';
}

/** What one look at a bazel-remote saw. */
export interface BazelRemoteState {
  readonly http: string;
  /** `grpc://host:port`. */
  readonly grpc: string;
  readonly latency?: number;
  readonly status: Part<BazelRemoteStatus>;
  readonly metrics: Part<BazelRemoteMetrics>;
  readonly health: Part<'serving' | 'not-serving'>;
  readonly capabilities: Part<{
    readonly digestFunctions: readonly string[];
    readonly updateEnabled: boolean;
    readonly compressors: readonly string[];
    readonly apiVersions: string;
  }>;
}

export interface BazelRemoteStatus {
  /** Bytes. */
  readonly used: number;
  readonly limit: number;
  readonly reserved?: number;
  readonly files: number;
  /** `v2.6.2`; absent when the binary does not know. */
  readonly version?: string;
  readonly serverTime?: string;
}

export type CacheKind =
  | 'attic'
  | 'bazel-remote'
  | 'container-layers'
  | 'bazel-disk'
  | 'job-cache'
  | 'artifacts';
