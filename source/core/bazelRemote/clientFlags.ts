import type { WantedFlag } from '../bazel/editRemoteCache.ts';

export interface ClientSettings {
  /** `grpc://host:9092`. */
  readonly endpoint: string;
  /** Seconds. */
  readonly timeout: number;
  readonly download: 'minimal' | 'toplevel';
  readonly isUnconditional: boolean;
  /** As `bazel --version` or .bazelversion say it; absent when neither does. */
  readonly bazel?: string;
  /** From the root of the checkout; absent where every machine trusts the server, or nothing is encrypted. */
  readonly certificate?: string;
}

/** The flags of the plan, and for builds that are not asked for them those that let a build go on without the cache. */
export function clientFlags(settings: ClientSettings): WantedFlag[] {
  const { endpoint, timeout, download, isUnconditional, bazel, certificate } = settings;
  return [
    { names: ['remote_cache'], text: `--remote_cache=${endpoint}` },
    { names: ['remote_upload_local_results'], text: '--remote_upload_local_results=true' },
    { names: ['remote_timeout'], text: `--remote_timeout=${timeout}` },
    {
      names: [
        'remote_download_minimal',
        'remote_download_toplevel',
        'remote_download_all',
        'remote_download_outputs',
      ],
      text: `--remote_download_${download}`,
    },
    ...(certificate === undefined
      ? []
      : [{ names: ['tls_certificate'], text: `--tls_certificate=${certificate}` }]),
    ...(isUnconditional ? [{ names: ['remote_local_fallback'], text: '--remote_local_fallback' }] : []),
    ...(isUnconditional && needsSecondFallback(bazel)
      ? [
          {
            names: ['incompatible_remote_local_fallback_for_remote_cache'],
            text: '--incompatible_remote_local_fallback_for_remote_cache',
          },
        ]
      : []),
  ];
}

/** From 8.5.1 on Bazel goes on without an unreachable cache only with both flags; before, it does not know the second. */
export function needsSecondFallback(version: string | undefined): boolean {
  const [, major, minor, patch] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version ?? '') ?? [];
  if (major === undefined) return false;
  const number = Number(major) * 1_000_000 + Number(minor) * 1_000 + Number(patch ?? 0);
  return number >= 8_005_001;
}

/** What a `bazel build` did, from its line `INFO: 11 processes: 6 remote cache hit, 3 internal, 2 remote.` */
export interface BuildCount {
  readonly processes: number;
  readonly remoteHits: number;
  readonly diskHits: number;
  /** Actions beyond Bazel's own. */
  readonly actions: number;
}

/** With --color=yes, as many a .bazelrc for CI has it, a color ends behind `INFO: `. Without processes it ends `INFO: 0 processes.` */
const summary = /INFO: (?:\u001B\[[\d;]*m)*(\d+) process(?:es)?(?:: ([^\n]*?))?\.?\s*$/gm;

/** The last such line of a build's output; undefined when there is none. */
export function parseBuildCount(output: string): BuildCount | undefined {
  const found = [...output.matchAll(summary)].at(-1);
  if (!found) return undefined;
  const parts = found[2] ?? '';
  const count = (what: string): number => Number(new RegExp(`(\\d+) ${what}(?:,|$)`).exec(parts)?.[1] ?? 0);
  const processes = Number(found[1]);
  return {
    processes,
    remoteHits: count('remote cache hit'),
    diskHits: count('disk cache hit'),
    actions: processes - count('internal'),
  };
}
