import type { Predicted } from '../plan/predicted.ts';
import type { TrialFigures } from '../plan/trialRun.ts';

/** What changed in a pipeline, as far as it decides how much of it can come from caches. */
export type PipelineKind = 'clean' | 'python' | 'docs' | 'container' | 'other' | 'unknown';

/** A row of the plan's table of expectations. */
export type RowId = 'clean-build' | 'python-change' | 'docs-only' | 'container-rebuild' | 'tool-downloads';

/** One pipeline or job that was timed. */
export interface Run {
  /** Id of the pipeline. */
  readonly pipeline: number;
  readonly ref: string;
  /** Milliseconds since the epoch, by GitLab's clock. */
  readonly at: number;
  /** Commits of the default branch, of those that were asked about, that it ran without. */
  readonly lacks?: readonly string[];
  /** Seconds in which something ran, and seconds in which it only waited for a runner. */
  readonly seconds: number;
  readonly queue: number;
}

/** From the first to the last run that counts; ISO 8601 UTC. */
export interface Window {
  readonly from: string;
  readonly to: string;
}

/** A measured number; none is without its N and its window. */
export interface Measured {
  readonly median: number;
  /** First and third quartile. */
  readonly low: number;
  readonly high: number;
  readonly n: number;
  readonly window: Window;
  /** Median of the seconds in the queue, which are not in `median`. */
  readonly queue: number;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** `met`, `missed`: the median is within the plan's expectation, or above it. `not-yet`: too few runs to say. */
export type Verdict = 'met' | 'missed' | 'not-yet';

/** One row of the plan, next to what was measured. */
export interface SpeedRow {
  readonly id: RowId;
  readonly title: string;
  /** What the numbers are: seconds, or downloads in a week for each platform. */
  readonly unit: 'seconds' | 'per-week';
  readonly baseline: {
    /** The plan's number, which nobody measured here. */
    readonly plan: Range;
    /** Before the first change that moved it. */
    readonly measured?: Measured;
  };
  /** The plan's, with the ratio that it promises. */
  readonly expectation: Range & { readonly ratio: Range };
  /** Since the last change that moved it; of the whole window without one. */
  readonly measured: Measured | null;
  /** Measured before over measured after; null where one of them is missing. */
  readonly ratio: number | null;
  readonly verdict: Verdict;
  readonly because: string;
  /** Seconds of one download, where the row counts downloads. */
  readonly each?: Measured;
  /** Everything that was timed for the row, oldest first. */
  readonly runs: readonly Run[];
}

/** `faster`, `slower`: told from chance at 5 %, among all that is judged with it. `same`: not told from chance. `not-yet`: too few runs on a side. */
export type Difference = 'faster' | 'slower' | 'same' | 'not-yet';

/** One row before and after one change. */
export interface Effect {
  readonly row: RowId;
  readonly before: Measured | null;
  readonly after: Measured | null;
  /** Before over after. */
  readonly ratio: number | null;
  /** Of the two-sided rank test; null with too few runs. */
  readonly p: number | null;
  readonly verdict: Difference;
  readonly because: string;
}

/**
 * A moment at which something changed. `task`: this program applied a task. `commit`: a commit on the default branch touched
 * what decides how it is built. `shift`: the durations moved, and nothing that is known explains it.
 */
export interface Change {
  readonly id: string;
  readonly source: 'task' | 'commit' | 'shift';
  readonly title: string;
  /** ISO 8601 UTC, by GitLab's clock. */
  readonly at: string;
  readonly task?: string;
  readonly sha?: string;
  /** Why there is nothing to compare, where that is so: it is on no pipeline of the default branch yet. */
  readonly pending?: string;
  readonly effects: readonly Effect[];
  /** Of a task: what was predicted of whole pipelines when it was planned, beside what they took since. */
  readonly predicted?: readonly JudgedPrediction[];
  /** What its trial on a branch took. */
  readonly tried?: readonly TrialFigures[];
}

/**
 * A prediction and what came of it. `within`, `outside`: the median since lies within the predicted interval, or contradicts it.
 * `not-yet`: too few pipelines. `not-judged`: the prediction had no interval.
 */
export interface JudgedPrediction extends Predicted {
  /** Seconds from creation to the last job's end. */
  readonly measuredBefore: Measured | null;
  readonly measured: Measured | null;
  readonly verdict: 'within' | 'outside' | 'not-yet' | 'not-judged';
  readonly because: string;
}

export interface CostRow {
  readonly id: string;
  readonly title: string;
  readonly unit: 'minutes' | 'bytes' | 'money';
  /** What the plan says it costs; a claim, not a measurement. */
  readonly claim?: string;
  readonly value: number | null;
  /** Quartiles and N of a median, and the window it is of. */
  readonly spread?: Range;
  readonly n?: number;
  readonly window?: Window;
  readonly because: string;
  /** In the currency of the price that was given; absent without one. */
  readonly perMonth?: number;
}

/** The plan's promises next to what was measured. */
export interface SpeedReport {
  /** ISO 8601 UTC, by GitLab's clock. */
  readonly at: string;
  readonly ref?: string;
  /** What was looked at. */
  readonly window: Window & { readonly days: number };
  readonly pipelines: Readonly<Record<PipelineKind, number>>;
  readonly rows: readonly SpeedRow[];
  /** Oldest first. */
  readonly changes: readonly Change[];
  readonly cost: readonly CostRow[];
  /** What limits these numbers, a line each. */
  readonly notes: readonly string[];
}
