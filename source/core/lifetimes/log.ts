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

/** Reads a whole log, or its beginning. */
export function keptInLog(log: TraceLog): KeptInLog {
  const reads: { key: string; isFound: boolean; isLocal: boolean }[] = [];
  const writes: { key: string; outcome: CacheWrite['outcome']; isLocal: boolean }[] = [];
  const artifactsOf: string[] = [];
  const kept: string[] = [];
  const isKept = new RegExp(keptPattern);
  for (let line = 0; line < Math.min(log.lineCount, most); line++) {
    const text = log.text(line).trim();
    const [, read] = /^Checking cache for (\S+?)(?:\.\.\.)?$/.exec(text) ?? [];
    const [, write] = /^Creating cache (\S+?)(?:\.\.\.)?$/.exec(text) ?? [];
    const [, skipped] = /^Not uploading cache (\S+) due to policy/.exec(text) ?? [];
    const [, job] = /^Downloading artifacts for (.+) \(\d+\)\.\.\.$/.exec(text) ?? [];
    const [lastRead, lastWrite] = [reads.at(-1), writes.at(-1)];
    if (read !== undefined) reads.push({ key: read, isFound: false, isLocal: false });
    else if (write !== undefined) writes.push({ key: write, outcome: 'failed', isLocal: false });
    else if (skipped !== undefined) writes.push({ key: skipped, outcome: 'policy', isLocal: false });
    else if (job !== undefined) artifactsOf.push(job);
    else if (/^No URL provided, cache will not be downloaded/.test(text)) {
      if (lastRead) lastRead.isLocal = true;
    } else if (/^No URL provided, cache will not be uploaded/.test(text)) {
      if (lastWrite) lastWrite.isLocal = true;
    } else if (/^Successfully extracted cache/.test(text)) {
      if (lastRead) lastRead.isFound = true;
    } else if (/^Archive is up to date!/.test(text)) {
      if (lastWrite) lastWrite.outcome = 'current';
    } else if (/^Created cache/.test(text)) {
      if (lastWrite?.outcome === 'failed') lastWrite.outcome = 'created';
    } else if (isKept.test(text) && kept.length < 50) kept.push(text);
  }
  const spent = (name: RegExp): number | undefined => {
    const sections = log.sections.filter(
      (section) => name.test(section.name) && section.endedAt !== undefined,
    );
    if (sections.length === 0) return undefined;
    return sections.reduce((sum, { startedAt, endedAt = startedAt }) => sum + endedAt - startedAt, 0);
  };
  return {
    reads,
    writes,
    artifactsOf,
    kept,
    ...times({
      restoring: spent(/^restore_cache/),
      saving: spent(/^archive_cache/),
      gettingArtifacts: spent(/^download_artifacts/),
      sendingArtifacts: spent(/^upload_artifacts/),
    }),
  };
}

type Times = Pick<KeptInLog, 'restoring' | 'saving' | 'gettingArtifacts' | 'sendingArtifacts'>;

function times(all: { readonly [K in keyof Times]: number | undefined }): Times {
  return Object.fromEntries(Object.entries(all).filter(([, seconds]) => seconds !== undefined));
}
