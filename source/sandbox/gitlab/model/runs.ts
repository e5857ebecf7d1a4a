import type { ResolvedJobSet } from '../../../core/ci/jobSet.ts';
import type { Job, PipelineEvent } from '../../../core/ci/model.ts';
import type { PipelineMachine } from '../../../core/pipeline/machine.ts';
import type { JobStatus } from '../../../core/pipeline/status.ts';
import type { Runner } from './runners.ts';

export interface User {
  readonly id: number;
  readonly username: string;
  readonly name: string;
}

/** How a job will go, decided when it starts. */
export interface Outcome {
  /** Seconds that it runs. */
  readonly duration: number;
  readonly failure?: 'script_failure';
  /** What its log is about, beyond the commands. */
  readonly story: Story;
}

export interface Story {
  /** Layers, paths or results came from a cache. */
  readonly cached?: boolean;
  /** For each `cache:` of the job, the key under which it was found. */
  readonly extracted?: readonly (string | undefined)[];
  /** The certificate did not open. */
  readonly wrongPassword?: boolean;
  /** Variables that the job had; for what the script tests. */
  readonly variables: Readonly<Record<string, string>>;
}

/** One attempt of a job. Times are milliseconds since the epoch. */
export interface JobRun {
  readonly id: number;
  readonly pipeline: PipelineRun;
  readonly job: Job;
  readonly createdAt: number;
  status: JobStatus;
  /** Another attempt took its place. */
  retried: boolean;
  user: User;
  queuedAt?: number;
  startedAt?: number;
  finishedAt?: number;
  erasedAt?: number;
  runner?: Runner;
  outcome?: Outcome;
  failureReason?: string;
  /** Given when it was played. */
  variables?: Readonly<Record<string, string>>;
  /** What a bridge started. */
  downstream?: PipelineRun;
}

export interface PipelineRun {
  readonly id: number;
  readonly iid: number;
  readonly event: PipelineEvent;
  /** `push`, `merge_request_event`, `schedule`, `web`, `api`, `parent_pipeline`, `pipeline`. */
  readonly source: string;
  /** As GitLab shows it; `refs/merge-requests/1/head` for a merge request. */
  readonly ref: string;
  /** The branch or tag that the rules saw. */
  readonly branch: string;
  readonly sha: string;
  readonly isTag: boolean;
  readonly set: ResolvedJobSet;
  readonly machine: PipelineMachine;
  readonly variables: Readonly<Record<string, string>>;
  readonly user: User;
  readonly createdAt: number;
  readonly mergeRequest?: number;
  /** The bridge that started it. */
  readonly upstream?: JobRun;
  /** Every attempt, in the order of their ids. */
  readonly runs: JobRun[];
  /** The attempt that counts, by job name. */
  readonly latest: Map<string, JobRun>;
  status: JobStatus;
  updatedAt: number;
  startedAt?: number;
  finishedAt?: number;
}
