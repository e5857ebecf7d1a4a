import type { PipelineJob } from '../../core/gitlab/model.ts';
import { type History, historyOf } from '../../core/pipeline/history.ts';
import { isOwnBranch } from '../../core/plan/branch.ts';
import type { GitLab } from '../gitlab/types.ts';

export interface HistoryQuery {
  /** Only pipelines of this branch or tag; of all when absent. */
  readonly ref?: string;
  /** The newest so many successful pipelines. */
  readonly limit: number;
}

/** How many pipelines are asked for at once. */
const together = 3;

/** Learns durations from the newest successful pipelines: one request for the list and one or more a pipeline. */
export async function loadHistory(
  gitlab: Pick<GitLab, 'pipelines' | 'jobs'>,
  { ref, limit }: HistoryQuery,
  signal?: AbortSignal,
): Promise<History> {
  const query = { status: 'success', ...(ref === undefined ? {} : { ref }) };
  const listed = await gitlab.pipelines({ ...query, limit: limit * 2 }, signal);
  const newest = listed.filter(({ ref: on }) => on === ref || !isOwnBranch(on)).slice(0, limit);
  const ids = newest.map(({ id }) => id).reverse();
  const jobs: (readonly PipelineJob[])[] = [];
  for (let at = 0; at < ids.length; at += together)
    jobs.push(...(await Promise.all(ids.slice(at, at + together).map((id) => gitlab.jobs(id, signal)))));
  return historyOf(jobs);
}
