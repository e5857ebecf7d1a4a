import { known } from '../known.ts';
import type { TraceLog } from '../trace/log.ts';
import { keptPattern } from './keptDownload.ts';

/** What a runner said of one cache while it restored it. Words of gitlab-runner. */
export interface CacheRead {
  /** As the runner names it, with its `-protected` or `-non_protected`. */
  readonly key: string;
  readonly isFound: boolean;
  /** Kept by the runner itself, since no shared cache server is set up. */
  readonly isLocal: boolean;
}

export interface CacheWrite {
  readonly key: string;
  /** `current`: nothing in it had changed. `policy`: the job only pulls. */
  readonly outcome: 'created' | 'current' | 'policy' | 'failed';
  readonly isLocal: boolean;
}

/** What a job's log says of what it kept and what it got. Times are seconds, and absent where the log does not tell. */
export interface KeptInLog {
  readonly reads: readonly CacheRead[];
  readonly writes: readonly CacheWrite[];
  /** Names of the jobs whose artifacts it got. */
  readonly artifactsOf: readonly string[];
  readonly restoring?: number;
  readonly saving?: number;
  readonly gettingArtifacts?: number;
  readonly sendingArtifacts?: number;
  /** Lines that say that a download came from the package registry. */
  readonly kept: readonly string[];
}

const most = 200_000;
const mostKept = 50;

interface Writable {
  readonly reads: { -readonly [K in keyof CacheRead]: CacheRead[K] }[];
  readonly writes: { -readonly [K in keyof CacheWrite]: CacheWrite[K] }[];
  readonly artifactsOf: string[];
  readonly kept: string[];
}

/** What a runner says, and what it tells; a line of the first that fits. `name` is what the pattern catches. */
const sayings: readonly (readonly [RegExp, (seen: Writable, name: string) => void])[] = [
  [
    /^Checking cache for (\S+?)(?:\.\.\.)?$/,
    ({ reads }, key) => reads.push({ key, isFound: false, isLocal: false }),
  ],
  [
    /^Creating cache (\S+?)(?:\.\.\.)?$/,
    ({ writes }, key) => writes.push({ key, outcome: 'failed', isLocal: false }),
  ],
  [
    /^Not uploading cache (\S+) due to policy/,
    ({ writes }, key) => writes.push({ key, outcome: 'policy', isLocal: false }),
  ],
  [/^Downloading artifacts for (.+) \(\d+\)\.\.\.$/, ({ artifactsOf }, job) => artifactsOf.push(job)],
  [
    /^No URL provided, cache will not be downloaded/,
    ({ reads }) => Object.assign(reads.at(-1) ?? {}, { isLocal: true }),
  ],
  [
    /^No URL provided, cache will not be uploaded/,
    ({ writes }) => Object.assign(writes.at(-1) ?? {}, { isLocal: true }),
  ],
  [/^Successfully extracted cache/, ({ reads }) => Object.assign(reads.at(-1) ?? {}, { isFound: true })],
  [/^Archive is up to date!/, ({ writes }) => Object.assign(writes.at(-1) ?? {}, { outcome: 'current' })],
  [
    /^Created cache/,
    ({ writes }) => {
      const last = writes.at(-1);
      if (last?.outcome === 'failed') last.outcome = 'created';
    },
  ],
];

/** Reads a whole log, or its beginning. */
export function keptInLog(log: TraceLog): KeptInLog {
  const seen: Writable = { reads: [], writes: [], artifactsOf: [], kept: [] };
  const isKept = new RegExp(keptPattern);
  for (let line = 0; line < Math.min(log.lineCount, most); line++) {
    const text = log.text(line).trim();
    const said = sayings.find(([pattern]) => pattern.test(text));
    if (said) said[1](seen, said[0].exec(text)?.[1] ?? '');
    else if (seen.kept.length < mostKept && isKept.test(text)) seen.kept.push(text);
  }
  return {
    ...seen,
    ...known({
      restoring: spent(log, /^restore_cache/),
      saving: spent(log, /^archive_cache/),
      gettingArtifacts: spent(log, /^download_artifacts/),
      sendingArtifacts: spent(log, /^upload_artifacts/),
    }),
  };
}

/** Seconds in the sections of a name; undefined where there are none that ended. */
function spent(log: TraceLog, name: RegExp): number | undefined {
  const sections = log.sections.filter((section) => name.test(section.name) && section.endedAt !== undefined);
  if (sections.length === 0) return undefined;
  return sections.reduce((sum, { startedAt, endedAt = startedAt }) => sum + endedAt - startedAt, 0);
}
