import type { PipelineStatus } from '../gitlab/model.ts';
import { duration } from '../text/format.ts';

/** One job in one pipeline of a trial. */
export interface TrialJob {
  readonly name: string;
  readonly status: PipelineStatus;
  /** Seconds. */
  readonly seconds?: number;
  readonly queue?: number;
  /** What its log shows of the marks. */
  readonly marks: readonly string[];
}

/** What one pipeline of a trial took; kept with the run, so that it outlives the branch. */
export interface TrialFigures {
  readonly pipeline: number;
  readonly status: PipelineStatus;
  /** Seconds; absent while it runs. */
  readonly wallClock?: number;
  /** The jobs that the change is about. */
  readonly jobs: readonly TrialJob[];
}

/** One way of a task that was tried on a branch. */
export interface TriedWay {
  readonly option?: string;
  /** ISO 8601 UTC, when the trial was begun. */
  readonly at: string;
  /** Whether its branch is still there, as far as the program knows. */
  readonly isOpen: boolean;
  /** Oldest first. */
  readonly pipelines: readonly TrialFigures[];
}

/** Jobs whose figures are kept. */
export const keptJobs = 50;

/** One pipeline of a trial in one line. */
export function trialText({ pipeline, status, wallClock: seconds, jobs }: TrialFigures): string {
  const own = jobs.map(({ name, status: state, seconds: took, marks }) => {
    const shown = marks.length > 0 ? ` (${marks.join(', ')})` : '';
    return `${name} ${state}${took === undefined ? '' : ` in ${duration(took)}`}${shown}`;
  });
  return [
    `pipeline #${pipeline} ${status}${seconds === undefined ? '' : ` in ${duration(seconds)}`}`,
    ...own,
  ].join('; ');
}
