import type { ResolvedJobSet } from './jobSet.ts';
import type { PipelineEvent } from './model.ts';

/** What a change of the configuration does to the pipelines of one event. */
export interface EventEffect {
  readonly event: PipelineEvent;
  readonly before: ResolvedJobSet;
  readonly after: ResolvedJobSet;
  /** Names of jobs, as GitLab names them. */
  readonly appeared: readonly string[];
  readonly vanished: readonly string[];
  /** Errors of creation that were not there before. */
  readonly errors: readonly string[];
}

/** A job whose keywords differ. */
export interface ChangedJob {
  readonly job: string;
  /** Top-level keywords. */
  readonly keywords: readonly string[];
}

/** What a change of the configuration does. */
export interface Effect {
  readonly events: readonly EventEffect[];
  /** Jobs of the configuration, before `parallel` expands them. */
  readonly changed: readonly ChangedJob[];
}
