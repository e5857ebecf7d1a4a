import { jobSet, type ResolvedJobSet } from '../core/ci/jobSet.ts';
import type { CiFiles, PipelineContext } from '../core/ci/model.ts';
import { plain } from '../core/text/safe.ts';
import type { GitLab } from '../services/gitlab/types.ts';

/** The name under which GitLab's merged configuration is read, and that its lines are given with. */
const mergedFile = 'merged-by-gitlab.yml';

/** What GitLab made of the configuration of a ref. */
export interface Merged {
  readonly ref: string;
  readonly server: string;
  /** Absent when GitLab could not merge it; then there are errors. */
  readonly text?: string;
  readonly errors: readonly string[];
}

/** Asks GitLab for the configuration of a ref with every include in it. Throws what the service throws. */
export async function mergedConfiguration(
  { lint, server }: Pick<GitLab, 'lint' | 'server'>,
  ref: string,
): Promise<Merged> {
  const { mergedYaml: text, errors, valid } = await lint({ ref });
  return { ref, server, errors: valid ? [] : errors, ...(text ? { text } : {}) };
}

/** The files with the merged configuration among them. */
export function mergedFiles(files: CiFiles, { text }: Merged): CiFiles {
  return { list: () => files.list(), read: (path) => (path === mergedFile ? text : files.read(path)) };
}

/** The job set again, of what GitLab merged; GitLab's own errors where it could not, or where nothing else explains them. */
export function withMerged(
  offline: ResolvedJobSet,
  context: PipelineContext,
  merged: Merged,
): ResolvedJobSet {
  const refused = merged.errors.map((message) => ({ message }));
  if (merged.text === undefined)
    return { ...offline, jobs: [], stages: [], errors: [...offline.errors, ...refused] };
  const set = jobSet(mergedFile, { ...context, files: mergedFiles(context.files, merged) });
  const isExplained = set.errors.length > 0 || refused.length === 0;
  const files = [...offline.configuration.files, mergedFile];
  return {
    ...set,
    ...(isExplained ? {} : { jobs: [], stages: [], errors: refused }),
    configuration: { ...set.configuration, files },
    assumptions: [assumption(merged), ...set.assumptions],
  };
}

function assumption({ ref, server }: Merged): string {
  return `includes come from what ${plain(server)} merged for ${plain(ref)}: lines are those of the merged text (${mergedFile}), and changes that were not pushed are not in it`;
}
