import type { JobEdit } from '../../core/ci/edit/model.ts';
import type { Preflight } from '../task.ts';

/** How long a job is taken to run once the change is in. Seconds. */
export interface ExpectedDuration {
  readonly job: string;
  /** The first time, when caches are empty; as before when absent. */
  readonly cold?: number;
  /** From then on; as before when absent. */
  readonly warm?: number;
  /** Where the number is from: `median of 6 runs with the cache`, `the plan’s promise, never measured here`. */
  readonly because: string;
}

/** A text that a job's log holds when a cache served it. */
export interface LogMark {
  readonly job: string;
  /** A regular expression over one line of the log. */
  readonly pattern: string;
  /** One over another line, without which the first says nothing: builders reuse what they made themselves, too. */
  readonly with?: string | undefined;
  /** What it shows: `layers from the cache`. */
  readonly shows: string;
}

/** A change of the CI configuration, as a task wants it; how it is held against the world and carried out is the rollout's. */
export interface CiChange {
  /** The task's name. */
  readonly task: string;
  /** In the imperative; of the commit and the merge request. */
  readonly title: string;
  readonly edits: readonly JobEdit[];
  /** Files to add, by path. */
  readonly newFiles?: ReadonlyMap<string, string>;
  /** Names of the jobs whose keywords the change is meant to touch, before `parallel` expands them; touching another one refuses the plan. */
  readonly jobs: ReadonlySet<string>;
  readonly durations?: readonly ExpectedDuration[];
  readonly marks?: readonly LogMark[];
  /** A second pipeline finds what the first one stored, though nothing is known of what that saves: a trial runs both. */
  readonly fillsCaches?: boolean;
  /** Paragraphs of Markdown for the merge request: why, on what evidence, what it costs. */
  readonly why: readonly string[];
  /** What the task itself looked at; a line with the state `problem` refuses the plan. */
  readonly preflight: readonly Preflight[];
}
