import { type Composing, inputOf } from '../../core/lifetimes/changes/compose.ts';
import type { ChangeInput, Wanted } from '../../core/lifetimes/changes/model.ts';
import { type JobMeasure, measureJobs } from '../../core/lifetimes/measured.ts';
import { lifetimesOf } from '../../core/lifetimes/survey.ts';
import { branchOf } from '../../core/plan/branch.ts';
import { readCi } from '../rollout/reading.ts';
import type { Planning } from '../task.ts';
import { readRecords } from './records.ts';

/** The checkout's configuration, with what logs say of it. */
export interface Looked {
  readonly composing: Composing;
  readonly input: ChangeInput;
  /** Runs whose logs were read; or why none was. */
  readonly read: { readonly runs: number } | { readonly because: string };
}

/** Reads the checkout, and the logs of the last runs of jobs that keep something. */
export async function lookAround(
  { workspace, known, signal }: Omit<Planning, 'choice'>,
  wanted: Wanted,
): Promise<Looked> {
  const checkout = await workspace.openCheckout(signal);
  const entry = known.project.value?.ciConfigPath ?? '.gitlab-ci.yml';
  const branch = branchOf('cache-lifetimes');
  const reading = readCi(checkout, entry, { branch });
  const { caches, artifacts, downloads } = lifetimesOf(reading);
  const jobs = [...caches, ...artifacts].map(({ job }) => job).concat(downloads.flatMap((one) => one.jobs));
  const measured = await measure(workspace, new Set(jobs), signal);
  const { separatedCaches, keepLatestArtifact } = known.project.value ?? {};
  const composing: Composing = {
    files: checkout,
    read: (files) => readCi(checkout, entry, { branch, files }),
    known: {
      wanted,
      measures: measured.measures,
      defaultBranch: checkout.defaultBranch,
      ...(separatedCaches === undefined ? {} : { isSeparated: separatedCaches }),
      ...(keepLatestArtifact === undefined ? {} : { keepsLatest: keepLatestArtifact }),
    },
  };
  return { composing, input: inputOf(reading, checkout, composing), read: measured.read };
}

async function measure(
  { gitlab }: Planning['workspace'],
  jobs: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<{ measures: ReadonlyMap<string, JobMeasure>; read: Looked['read'] }> {
  if ('off' in gitlab) return { measures: new Map(), read: { because: gitlab.off } };
  try {
    const records = await readRecords(gitlab.service, jobs, undefined, signal);
    return { measures: measureJobs(records), read: { runs: records.length } };
  } catch (thrown) {
    signal?.throwIfAborted();
    if (!(thrown instanceof Error)) throw thrown;
    return { measures: new Map(), read: { because: thrown.message } };
  }
}
