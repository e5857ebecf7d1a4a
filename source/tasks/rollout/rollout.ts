import type { CiChange } from './change.ts';
import type { Describing } from './describe.ts';
import type { Prediction } from './predict.ts';
import type { Worked } from './workOut.ts';

/** A change that was worked out, on its way to the place that was chosen for it. */
export interface Rollout extends Worked {
  readonly change: CiChange;
  /** Of the pipelines of the branch that a trial makes; absent for other targets, and where nothing is known of durations. */
  readonly trial?: Prediction;
  /** Of the merge request, with what a trial measured. */
  readonly description: (trial: Describing['trial']) => string;
}
