import type { Evidence, Rung } from '../evidence.ts';

/** One of the thirteen tasks of the build plan, as far as it is probed. */
export interface TaskRow {
  readonly number: number;
  /** As on the command line: `attic-public-key`. */
  readonly name: string;
  readonly title: string;
  /** `Wave 4 · Phase 1`. */
  readonly wave: string;
  readonly rung: Rung;
  readonly evidence: readonly Evidence[];
  /** Ids. */
  readonly findings: readonly string[];
  /** What the plan promises: `3–12× (25–30 min → 2–5 min)`. */
  readonly promise?: string;
  /** Numbers of tasks that come first and are not there yet. */
  readonly blockedBy: readonly number[];
}
