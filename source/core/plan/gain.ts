import type { Predicted } from './predicted.ts';
import type { TriedWay } from './trialRun.ts';

/** What is known of a task's gain from its runs here: what its newest run was to bring, and what trials of its ways took. */
export interface TaskGain {
  /** The task's name. */
  readonly task: string;
  readonly option?: string;
  /** ISO 8601 UTC, when the newest run with a prediction was begun; absent without one. */
  readonly at?: string;
  readonly predicted: readonly Predicted[];
  readonly tried: readonly TriedWay[];
}
