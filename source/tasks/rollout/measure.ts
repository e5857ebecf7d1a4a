import type { PipelineJob } from '../../core/gitlab/model.ts';
import { groupName } from '../../core/pipeline/group.ts';
import { hasEnded } from '../../core/pipeline/timing.ts';
import { wallClock } from '../../core/pipeline/wallClock.ts';
import type { TrialFigures, TrialJob } from '../../core/plan/trialRun.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import { pipelinesOfHead } from '../engine/runPipeline.ts';
import type { LogMark } from './change.ts';
import { marksIn } from './logMarks.ts';

/** One pipeline of a trial, as it is. */
export interface TrialRun extends TrialFigures {
  readonly webUrl: string;
  readonly source: string;
  /** Names of all jobs that it has, how many of them have ended, and those that wait for a runner. */
  readonly names: readonly string[];
  readonly ended: number;
  readonly pending: readonly string[];
}

export interface Measuring {
  readonly branch: string;
  /** The jobs that the change is about, before `parallel` expands them. */
  readonly jobs: readonly string[];
  readonly marks: readonly LogMark[];
}

/** What the pipelines of a branch's newest commit took, oldest first; none without the branch. */
export async function measureTrial(
  gitlab: GitLab,
  { branch, jobs, marks }: Measuring,
  signal?: AbortSignal,
): Promise<TrialRun[]> {
  const runs: TrialRun[] = [];
  for (const { id, webUrl, status, source } of await pipelinesOfHead(gitlab, branch, signal)) {
    const all = await gitlab.jobs(id, signal);
    const own = all.filter(({ name }) => isOneOf(jobs, name));
    const seconds = wallClock(all);
    const measured: TrialJob[] = [];
    for (const job of own)
      measured.push(
        await measureJob(
          gitlab,
          job,
          marks.filter((mark) => isOneOf([mark.job], job.name)),
          signal,
        ),
      );
    runs.push({
      pipeline: id,
      webUrl,
      status,
      source,
      ...(seconds === undefined ? {} : { wallClock: seconds }),
      jobs: measured,
      names: all.map(({ name }) => name),
      ended: all.filter((job) => hasEnded(job.status)).length,
      pending: all.flatMap((job) => (job.status === 'pending' ? [job.name] : [])),
    });
  }
  return runs;
}

/** Whether a job of a pipeline is one of the configuration's jobs, or one of its parallel instances. */
export function isOneOf(jobs: readonly string[], name: string): boolean {
  return jobs.includes(name) || jobs.includes(groupName(name));
}

async function measureJob(
  gitlab: GitLab,
  { id, name, status, duration: seconds, queuedDuration }: PipelineJob,
  marks: readonly LogMark[],
  signal: AbortSignal | undefined,
): Promise<TrialJob> {
  return {
    name,
    status,
    ...(seconds === undefined ? {} : { seconds }),
    ...(queuedDuration === undefined ? {} : { queue: queuedDuration }),
    marks: status === 'success' && marks.length > 0 ? await marksIn(gitlab, id, marks, signal) : [],
  };
}
