import * as z from 'zod';
import type { Comparison } from '../../../core/gitlab/comparison.ts';
import { knownTime, text } from './values.ts';

/** Diffs that one comparison lists at most on GitLab (`diff_max_files`, 1000 unless an administrator set less or more). */
const mostFiles = 1_000;

/** `GET …/repository/compare`; the diffs themselves are not kept. */
export const comparisonSchema = z
  .object({
    commits: z.array(z.object({ id: text, title: text.nullish(), committed_date: knownTime })),
    diffs: z.array(z.object({ old_path: text, new_path: text })),
    compare_timeout: z.boolean().nullish(),
  })
  .transform(
    ({ commits, diffs, compare_timeout }): Comparison => ({
      commits: commits.map(({ id, title, committed_date }) => ({
        sha: id,
        title: title ?? '',
        at: committed_date,
      })),
      paths: [...new Set(diffs.flatMap(({ old_path, new_path }) => [old_path, new_path]))].sort(),
      isWhole: compare_timeout !== true && diffs.length < mostFiles,
    }),
  );

/** `GET …/merge_requests/:iid`, for the commit that its changes are counted from. */
export const mergeRequestBaseSchema = z
  .object({ diff_refs: z.object({ base_sha: text.nullish() }).nullish() })
  .transform(({ diff_refs }) => diff_refs?.base_sha ?? undefined);

/** `GET …/repository/merge_base`. */
export const mergeBaseSchema = z.object({ id: text }).transform(({ id }) => id);
