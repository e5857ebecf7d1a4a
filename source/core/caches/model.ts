import type { Part } from '../datum.ts';

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

export interface AtticToken {
  /** False when it is no JWT: then nothing is known of it. */
  readonly readable: boolean;
  readonly subject?: string;
  /** ISO 8601 UTC; absent when it never expires. */
  readonly expiresAt?: string;
  readonly expired: boolean;
  /** Rights on this cache, as the claims say. */
  readonly rights: readonly ('pull' | 'push' | 'delete' | 'create' | 'configure' | 'retention' | 'destroy')[];
  /** Why the server would drop it and answer as to anybody; absent when nothing in it says so. */
  readonly problem?: string;
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

export type CacheKind =
  | 'attic'
  | 'bazel-remote'
  | 'container-layers'
  | 'bazel-disk'
  | 'job-cache'
  | 'artifacts';
