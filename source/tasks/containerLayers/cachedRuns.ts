import { groupName } from '../../core/pipeline/group.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import type { Workspace } from '../../services/workspace.ts';
import type { LogMark } from '../rollout/change.ts';
import { marksIn } from '../rollout/logMarks.ts';
import { trialBranch } from './look.ts';

/** A run of an image job, and what its log shows of a cache. */
export interface ImageRun {
  readonly job: string;
  readonly pipeline: number;
  readonly ref: string;
  /** What ran it, by its description. */
  readonly runner?: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Seconds. */
  readonly duration: number;
  readonly shows: readonly string[];
}

/** Pipelines that are looked at, those of a trial beside the newest, and logs that are read of them. */
const pipelines = 8;
const trials = 4;
const most = 24;

/** Logs of jobs that have ended do not change: each is read once. */
const read = new WeakMap<GitLab, Map<string, readonly string[]>>();

/** The last successful runs of some jobs on all branches and in a trial, newest first; nothing where GitLab does not answer. */
export async function imageRuns(
  { gitlab }: Pick<Workspace, 'gitlab'>,
  marks: readonly LogMark[],
  signal?: AbortSignal,
): Promise<readonly ImageRun[]> {
  if ('off' in gitlab || marks.length === 0) return [];
  try {
    return await lookAt(gitlab.service, marks, signal);
  } catch (thrown) {
    signal?.throwIfAborted();
    if (!(thrown instanceof Error)) throw thrown;
    return [];
  }
}

async function lookAt(
  gitlab: GitLab,
  marks: readonly LogMark[],
  signal: AbortSignal | undefined,
): Promise<ImageRun[]> {
  const known = read.get(gitlab) ?? new Map<string, readonly string[]>();
  read.set(gitlab, known);
  const wanted = new Set(marks.map(({ job }) => job));
  const runs: ImageRun[] = [];
  const status = 'success';
  const [tried, newest] = await Promise.all([
    gitlab.pipelines({ ref: trialBranch, limit: trials, status }, signal),
    gitlab.pipelines({ limit: pipelines, status }, signal),
  ]);
  const found = new Map(
    [...tried.slice(0, trials), ...newest.slice(0, pipelines)].map((one) => [one.id, one]),
  );
  for (const { id: pipeline, ref } of [...found.values()].sort((one, other) => other.id - one.id))
    for (const { id, name, status: ended, duration, finishedAt, runner } of await gitlab.jobs(
      pipeline,
      signal,
    )) {
      const job = [name, groupName(name)].find((one) => wanted.has(one));
      if (job === undefined || ended !== status || duration === undefined || runs.length >= most) continue;
      const own = marks.filter((mark) => mark.job === job);
      const key = JSON.stringify([id, ...own.map(({ pattern }) => pattern)]);
      const shows = known.get(key) ?? (await marksIn(gitlab, id, own, signal));
      known.set(key, shows);
      runs.push({
        job,
        pipeline,
        ref,
        at: finishedAt ?? '',
        duration,
        shows,
        ...(runner ? { runner: runner.description } : {}),
      });
    }
  return runs;
}
