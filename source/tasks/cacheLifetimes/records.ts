import { keptInLog } from '../../core/lifetimes/log.ts';
import type { JobRecord } from '../../core/lifetimes/measured.ts';
import { groupName } from '../../core/pipeline/group.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import { readLog } from '../../services/trace/readLog.ts';

/** Pipelines that are looked at, logs that are read of them, and of each log, from its start. */
const pipelines = 8;
const most = 60;
const logBytes = 4 * 1024 * 1024;
const together = 4;

/** Logs of jobs that have ended do not change: each is read once. */
const known = new WeakMap<GitLab, Map<number, JobRecord>>();

/** What the last successful runs of some jobs say, oldest first; of every ref unless one is named. */
export async function readRecords(
  gitlab: GitLab,
  jobs: ReadonlySet<string>,
  ref: string | undefined,
  signal?: AbortSignal,
): Promise<readonly JobRecord[]> {
  const wanted = { limit: pipelines, status: 'success', ...(ref === undefined ? {} : { ref }) };
  const found = (await gitlab.pipelines(wanted, signal)).slice(0, pipelines);
  const seen = known.get(gitlab) ?? new Map<number, JobRecord>();
  known.set(gitlab, seen);
  const records: JobRecord[] = [];
  for (const pipeline of found) {
    const runs = (await gitlab.jobs(pipeline.id, signal)).filter(
      ({ name, status }) => status === 'success' && (jobs.has(name) || jobs.has(groupName(name))),
    );
    const chosen = runs.slice(0, most - records.length);
    for (let at = 0; at < chosen.length; at += together)
      records.push(
        ...(await Promise.all(
          chosen.slice(at, at + together).flatMap(async ({ id, name, duration, finishedAt }) => {
            const record = seen.get(id) ?? {
              job: name,
              pipeline: pipeline.id,
              ref: pipeline.ref,
              at: finishedAt ?? pipeline.createdAt,
              duration: duration ?? 0,
              log: keptInLog(await readLog(gitlab, id, logBytes, signal)),
            };
            seen.set(id, record);
            return record;
          }),
        )),
      );
  }
  return records.reverse();
}
