import type { PlanStep, SecretWanted } from '../../core/plan/plan.ts';

/** Steps that bring the key: what is done with it is the next plan’s, since its text is not known before. */
export interface KeyToCome {
  readonly steps: readonly PlanStep[];
  readonly secrets: readonly SecretWanted[];
  readonly next: string;
}

/** A key as it was found, or why there is none; or steps that will bring it. */
export type Obtained =
  | { readonly key: string /** In words: `the server`. */; readonly from: string }
  | { readonly refused: string; readonly fix: string }
  | KeyToCome;
