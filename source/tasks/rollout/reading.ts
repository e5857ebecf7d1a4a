import { jobSet, type ResolvedJobSet } from '../../core/ci/jobSet.ts';
import type { CiFiles, Configuration, PipelineEvent } from '../../core/ci/model.ts';
import type { Checkout } from '../../services/git/checkout.ts';
import { pipelineContext } from '../../services/git/pipelineContext.ts';

/** What the files of a checkout, or a variation of them, would give for each event. */
export interface CiReading {
  readonly files: CiFiles;
  readonly configuration: Configuration;
  readonly sets: ReadonlyMap<PipelineEvent, ResolvedJobSet>;
}

const events = ['push', 'merge_request', 'tag', 'schedule', 'web'] as const;

/**
 * Reads a checkout's configuration for every event: on the default branch, for a merge request from `branch`, and for the
 * newest tag. `files` stand in the place of the checkout's.
 */
export function readCi(
  checkout: Checkout,
  entry: string,
  { files = checkout, branch }: { readonly files?: CiFiles; readonly branch: string },
): CiReading {
  const sets = new Map(
    events.map((event) => [event, setOf(checkout, entry, { event, files, branch })] as const),
  );
  const push = sets.get('push') ?? setOf(checkout, entry, { event: 'push', files, branch });
  return { files, configuration: push.configuration, sets };
}

/** The jobs that a push to a branch, or a pipeline started for it by hand, would get. */
export function readBranch(
  checkout: Checkout,
  entry: string,
  {
    files,
    branch,
    event,
  }: { readonly files: CiFiles; readonly branch: string; readonly event: 'push' | 'web' },
): ResolvedJobSet {
  return jobSet(entry, { ...pipelineContext(checkout, event, { ref: branch }), files });
}

/** The jobs of a branch's pipelines: those of a push, or where a push makes none, of one that is started by hand. */
export function readTrial(
  checkout: Checkout,
  entry: string,
  given: { files: CiFiles; branch: string },
): ResolvedJobSet {
  const push = readBranch(checkout, entry, { ...given, event: 'push' });
  return push.jobs.length > 0 ? push : readBranch(checkout, entry, { ...given, event: 'web' });
}

function setOf(
  checkout: Checkout,
  entry: string,
  { event, files, branch }: { event: PipelineEvent; files: CiFiles; branch: string },
): ResolvedJobSet {
  const refs = {
    merge_request: branch,
    tag: tagOf(checkout),
    push: checkout.defaultBranch,
    schedule: checkout.defaultBranch,
    web: checkout.defaultBranch,
  };
  return jobSet(entry, { ...pipelineContext(checkout, event, { ref: refs[event] }), files });
}

/** The tag that a tag's pipeline is worked out for. */
export function tagOf({ tags, refs }: Checkout): string {
  return tags[0] ?? newestVersion(refs);
}

function newestVersion(refs: readonly string[] = []): string {
  return refs.filter((ref) => /^v?\d+\.\d/.test(ref)).at(-1) ?? 'v0.0.0';
}
