import type { Evidence } from '../../core/evidence.ts';
import { keyPattern, newKeyIn } from '../../core/lifetimes/changes/cacheKey.ts';
import type { JobRecord } from '../../core/lifetimes/measured.ts';
import type { KeptCache } from '../../core/lifetimes/survey.ts';
import { groupName } from '../../core/pipeline/group.ts';
import { plain } from '../../core/text/safe.ts';
import { verifyCiChange } from '../rollout/verify.ts';
import type { Probe, Verifying } from '../task.ts';
import { taskName } from './change.ts';
import { isStored, probe, surveyOf } from './probe.ts';
import { readRecords } from './records.ts';

/** Looks into the logs of the last pipelines: a cache that was found under its key of now, a tool from the registry. */
export async function verify(verifying: Verifying): Promise<Probe> {
  const { workspace, known, signal } = verifying;
  const seen = probe(known);
  const { facts } = known;
  if (!facts || 'off' in workspace.gitlab || seen.rung === 'unknown') return seen;
  const { caches, artifacts } = surveyOf(facts);
  const jobs = [
    ...new Set([
      ...caches.map(({ job }) => job),
      ...artifacts.filter(({ isTools }) => isTools).map(({ job }) => job),
    ]),
  ];
  const changed = await verifyCiChange(verifying, seen, { task: taskName, jobs });
  if (seen.rung === 'absent') return changed;
  const records = await readRecords(
    workspace.gitlab.service,
    new Set(jobs),
    facts.defaultBranch,
    signal,
  ).catch((thrown: unknown) => {
    signal?.throwIfAborted();
    if (!(thrown instanceof Error)) throw thrown;
    return [];
  });
  const last = records.at(-1)?.pipeline;
  const newest = records.filter(({ pipeline }) => pipeline === last);
  const shown = newest.flatMap((record) => evidenceIn(record, caches));
  return {
    ...changed,
    rung: seen.rung === 'valid' && isProven(newest, caches, isStored(facts)) ? 'proven' : changed.rung,
    evidence: [...shown, ...changed.evidence],
  };
}

/**
 * Whether one pipeline shows all of it: each job with caches found one under its key of now, and where downloads are kept, one
 * came from there.
 */
export function isProven(
  records: readonly JobRecord[],
  caches: readonly KeptCache[],
  isStored: boolean,
): boolean {
  const reading = records.filter(({ job }) => cachesOf(job, caches).length > 0);
  const hasKept = records.some(({ log }) => log.kept.length > 0);
  const hasFound = reading.length > 0 && reading.every((record) => foundIn(record, caches).length > 0);
  return isStored ? hasKept && (reading.length === 0 || hasFound) : hasFound;
}

/** Lines of one run's log that show something found again. */
export function evidenceIn(record: JobRecord, caches: readonly KeptCache[]): Evidence[] {
  const { job, pipeline, ref, at, log } = record;
  const source = `log of ${plain(job)} in pipeline ${pipeline} on ${plain(ref)}`;
  const lines = [
    ...foundIn(record, caches).map((key) => `Successfully extracted cache, for ${plain(key, 200)}`),
    ...log.kept.slice(0, 3).map((line) => plain(line, 300)),
  ];
  return lines.map((saw) => ({ at, source, saw }));
}

/** Keys that a run found a cache under and that the configuration would have it look for now. */
function foundIn({ job, log }: JobRecord, caches: readonly KeptCache[]): string[] {
  const patterns = cachesOf(job, caches).flatMap((one) => {
    const key = newKeyIn(one);
    return key ? [new RegExp(`^(?:\\d+_)?${keyPattern(key)}`)] : [];
  });
  return log.reads
    .filter(({ isFound, key }) => isFound && patterns.some((pattern) => pattern.test(key)))
    .map(({ key }) => key);
}

function cachesOf(job: string, caches: readonly KeptCache[]): readonly KeptCache[] {
  return caches.filter((one) => one.job === job || one.job === groupName(job));
}
