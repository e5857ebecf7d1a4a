import type { Comparison } from '../gitlab/comparison.ts';
import type { PipelineJob, PipelineSummary } from '../gitlab/model.ts';
import { known } from '../known.ts';
import type { Predicted } from '../plan/predicted.ts';
import type { TrialFigures } from '../plan/trialRun.ts';
import type { Kind } from './classify.ts';
import type { BuildFiles } from './files.ts';
import type { Run } from './model.ts';
import { pipelineTime } from './time.ts';

/** A pipeline that ended, with its jobs and what it built. */
export interface PastPipeline extends Kind {
  readonly summary: PipelineSummary;
  readonly jobs: readonly PipelineJob[];
  /** With the commit that was built before it; absent where nobody knows. */
  readonly comparison?: Comparison;
  /** Commits of the default branch that the pipeline's commit does not have, of those that were asked about. */
  readonly lacks?: readonly string[];
}

/** A task that this program applied, and that was not taken back. */
export interface AppliedTask {
  /** Id of the run. */
  readonly run: string;
  /** The task's name. */
  readonly task: string;
  readonly title: string;
  /** ISO 8601 UTC, when the last of it was done, by GitLab's clock. */
  readonly at: string;
  /** First lines of the commits that it made, and their branches. */
  readonly commits: readonly { readonly title: string; readonly branch: string }[];
  /** Files of the checkout that it changed. */
  readonly paths: readonly string[];
  /** It was only tried on a branch. */
  readonly isTrial?: boolean;
  readonly predicted?: readonly Predicted[];
  readonly tried?: readonly TrialFigures[];
}

/** What the storage of the caches holds, as far as somebody told; bytes. */
export interface Storage {
  readonly registryCache?: number;
  readonly bazelRemote?: { readonly used: number; readonly limit: number };
}

/** Prices in one currency; money is counted only where one is given. */
export interface Prices {
  /** Of a minute of a runner. */
  readonly minute?: number;
  /** Of a gigabyte (10^9 bytes) for a month. */
  readonly gigabyte?: number;
}

/** Everything that a report is made from. */
export interface SpeedInput {
  /** Milliseconds since the epoch, by GitLab's clock. */
  readonly now: number;
  readonly days: number;
  /** Only this branch or tag was looked at. */
  readonly ref?: string;
  /** Since when the pipelines are complete; milliseconds since the epoch. */
  readonly since: number;
  /** Oldest first. */
  readonly pipelines: readonly PastPipeline[];
  readonly defaultBranch: string;
  readonly files: BuildFiles;
  /** Names of jobs, as the configuration has them, that build an image; undefined where it was not read. */
  readonly imageJobs?: ReadonlySet<string>;
  readonly applied: readonly AppliedTask[];
  readonly storage: Storage;
  readonly prices: Prices;
  readonly notes: readonly string[];
}

/** When a pipeline was created, in milliseconds. */
export function createdAt({ summary }: Pick<PastPipeline, 'summary'>): number {
  return Date.parse(summary.createdAt);
}

/** The whole of each pipeline that succeeded, as runs. */
export function pipelineRuns(pipelines: readonly PastPipeline[]): Run[] {
  return pipelines.flatMap(({ summary, jobs, lacks }) => {
    const time = summary.status === 'success' ? pipelineTime(jobs) : undefined;
    const at = createdAt({ summary });
    return time ? [{ pipeline: summary.id, ref: summary.ref, at, ...known({ lacks }), ...time }] : [];
  });
}

/** The jobs of some names that succeeded, as runs, oldest first; `name` tells the jobs apart. */
export function jobRuns(
  pipelines: readonly PastPipeline[],
  matches: (name: string) => boolean,
): (Run & { readonly name: string })[] {
  return pipelines
    .flatMap(({ summary: { id, ref }, jobs, lacks }) =>
      jobs.flatMap(({ kind, name, status, startedAt, duration, queuedDuration = 0 }) =>
        kind === 'build' &&
        status === 'success' &&
        startedAt !== undefined &&
        duration !== undefined &&
        matches(name)
          ? [
              {
                pipeline: id,
                ref,
                at: Date.parse(startedAt),
                ...known({ lacks }),
                seconds: duration,
                queue: queuedDuration,
                name,
              },
            ]
          : [],
      ),
    )
    .sort((a, b) => a.at - b.at);
}
