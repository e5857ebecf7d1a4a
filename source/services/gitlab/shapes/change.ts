import * as z from 'zod';
import type { Branch, MergeRequest } from '../../../core/gitlab/change.ts';
import { known } from '../../../core/known.ts';
import { text, webAddress, whole } from './values.ts';

/** `GET …/repository/branches/:branch`. */
export const branchSchema = z
  .object({
    name: text,
    commit: z.object({ id: text, parent_ids: z.array(text).nullish() }),
    protected: z.boolean().nullish(),
    web_url: webAddress.nullish(),
  })
  .transform(
    (row): Branch =>
      known({
        name: row.name,
        sha: row.commit.id,
        parents: row.commit.parent_ids,
        isProtected: row.protected ?? false,
        webUrl: row.web_url,
      }),
  );

/** `POST …/repository/commits`. */
export const commitSchema = z
  .object({ id: text, web_url: webAddress.nullish() })
  .transform(({ id, web_url }) => known({ sha: id, webUrl: web_url }));

/** `GET` and `POST …/merge_requests`. */
export const mergeRequestSchema = z
  .object({
    iid: whole,
    title: text,
    state: text,
    source_branch: text,
    target_branch: text,
    web_url: webAddress.nullish(),
    merged_at: text.nullish(),
    detailed_merge_status: text.nullish(),
  })
  .transform(
    (row): MergeRequest =>
      known({
        iid: row.iid,
        title: row.title,
        state: row.state,
        source: row.source_branch,
        target: row.target_branch,
        webUrl: row.web_url,
        mergedAt: row.merged_at,
        mergeStatus: row.detailed_merge_status,
      }),
  );
