import type { Evidence } from '../../core/evidence.ts';
import { keyPattern, newKeyIn } from '../../core/lifetimes/changes/cacheKey.ts';
import { keptPattern } from '../../core/lifetimes/keptDownload.ts';
import type { JobRecord } from '../../core/lifetimes/measured.ts';
import type { KeptCache } from '../../core/lifetimes/survey.ts';
import { groupName } from '../../core/pipeline/group.ts';
import { plain } from '../../core/text/safe.ts';
import { verifyCiChange } from '../rollout/verify.ts';
import type { Probe, Verifying } from '../task.ts';
import { taskName } from './change.ts';
import { probe, surveyOf } from './probe.ts';
import { readRecords } from './records.ts';

/** Looks into the logs of the last pipelines: a cache that was found under its key of now, a tool from the registry. */
export async function verify(verifying: Verifying): Promise<Probe> {
  const { workspace, known, signal } = verifying;
  const seen = probe(known);
  const { facts } = known;
  if (!facts || 'off' in workspace.gitlab || seen.rung === 'absent' || seen.rung === 'unknown') return seen;
  const { caches, artifacts } = surveyOf(facts);
  const jobs = [
    ...new Set([
      ...caches.map(({ job }) => job),
      ...artifacts.filter(({ isTools }) => isTools).map(({ job }) => job),
    ]),
  ];
  const changed = await verifyCiChange(verifying, seen, { task: taskName, jobs });
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
  const shown = records
    .filter(({ pipeline }) => pipeline === last)
    .flatMap((record) => evidenceIn(record, caches));
  return {
    ...changed,
    rung: seen.rung === 'valid' && shown.length > 0 ? 'proven' : changed.rung,
    evidence: [...shown, ...changed.evidence],
  };
}

/** Lines of one run's log that show something found again. */
export function evidenceIn(
  { job, pipeline, ref, at, log }: JobRecord,
  caches: readonly KeptCache[],
): Evidence[] {
  const source = `log of ${plain(job)} in pipeline ${pipeline} on ${plain(ref)}`;
  const patterns = caches
    .filter((one) => one.job === job || one.job === groupName(job))
    .flatMap((one) => {
      const key = newKeyIn(one);
      return key ? [new RegExp(`^(?:\\d+_)?${keyPattern(key)}`)] : [];
    });
  const found = log.reads.filter(
    ({ isFound, key }) => isFound && patterns.some((pattern) => pattern.test(key)),
  );
  return [
    ...found.map(({ key }) => ({ at, source, saw: `Successfully extracted cache, for ${plain(key, 200)}` })),
    ...log.kept
      .filter((line) => new RegExp(keptPattern).test(line))
      .slice(0, 3)
      .map((line) => ({ at, source, saw: plain(line, 300) })),
  ];
}
