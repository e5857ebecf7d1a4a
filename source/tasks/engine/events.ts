import type { FailureView } from '../../core/datum.ts';

/** What happens while a plan is carried out or taken back, in order. */
export type StepEvent =
  | { readonly step: string; readonly state: 'started'; readonly title: string; readonly isUndo?: true }
  | {
      readonly step: string;
      readonly state: 'output';
      /** Untrusted, redacted. */
      readonly text: string;
      readonly stream: 'stdout' | 'stderr';
    }
  | { readonly step: string; readonly state: 'done'; readonly saw: string; readonly took: number }
  | { readonly step: string; readonly state: 'skipped'; readonly because: string }
  | { readonly step: string; readonly state: 'failed'; readonly failure: FailureView };

/** Where a step ended: `pending` was not reached. */
export interface StepResult {
  readonly step: string;
  readonly title: string;
  readonly state: 'pending' | 'done' | 'skipped' | 'failed' | 'undone' | 'kept';
}

/**
 * How a run ended. `nothing`: nothing was to be done. `unchanged`: it failed and changed nothing. `failed` and `stopped` can be
 * resumed or undone.
 */
export interface RunOutcome {
  readonly outcome: 'done' | 'nothing' | 'unchanged' | 'failed' | 'stopped' | 'undone';
  /** Of the run, for resume and undo; absent when nothing was to be done. */
  readonly run?: string;
  readonly steps: readonly StepResult[];
  /** Why it failed. */
  readonly failure?: FailureView;
}

/** A run as it goes: its events, and its outcome at the end. */
export type Run = AsyncGenerator<StepEvent, RunOutcome, void>;
