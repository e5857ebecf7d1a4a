import type { PipelineStatus } from '../gitlab/model.ts';
import { duration, percent } from '../text/format.ts';

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

/** What was predicted of one pipeline of a trial before it ran. Seconds. */
export interface TrialExpected {
  /** Of the same jobs without the change, and with it. */
  readonly before: number;
  readonly wallClock: number;
  /** Of the jobs for which something was taken for granted. */
  readonly jobs: Readonly<Record<string, number>>;
}

/** What one pipeline of a trial took; kept with the run, so that it outlives the branch. */
export interface TrialFigures {
  readonly pipeline: number;
  readonly status: PipelineStatus;
  /** Seconds; absent while it runs. */
  readonly wallClock?: number;
  /** The jobs that the change is about. */
  readonly jobs: readonly TrialJob[];
  readonly expected?: TrialExpected;
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

/** One pipeline of a trial in one line, what it took beside what was predicted of it. */
export function trialText({ pipeline, status, wallClock: seconds, jobs, expected }: TrialFigures): string {
  const own = jobs.map(({ name, status: state, seconds: took, marks }) => {
    const notes = [...marks, ...missText(took, expected?.jobs[name])];
    const shown = notes.length > 0 ? ` (${notes.join(', ')})` : '';
    return `${name} ${state}${took === undefined ? '' : ` in ${duration(took)}`}${shown}`;
  });
  const missed = missText(seconds, expected?.wallClock).map((text) => ` (${text})`);
  return [
    `pipeline #${pipeline} ${status}${seconds === undefined ? '' : ` in ${duration(seconds)}`}${missed.join('')}`,
    ...own,
  ].join('; ');
}

/** How what was predicted differs from what was taken: `3 % under the predicted 34m 01s`; nothing where either is not known. */
export function missText(took: number | undefined, predicted: number | undefined): string[] {
  if (took === undefined || predicted === undefined || predicted <= 0) return [];
  const share = took / predicted - 1;
  if (Math.abs(share) < 0.005) return [`as predicted, ${duration(predicted)}`];
  return [`${percent(Math.abs(share))} ${share < 0 ? 'under' : 'over'} the predicted ${duration(predicted)}`];
}
