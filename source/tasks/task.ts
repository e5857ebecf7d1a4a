import type { CacheRow } from '../core/caches/row.ts';
import type { Evidence, Finding, Rung } from '../core/evidence.ts';
import type { Observations } from '../core/observations.ts';
import type { SigningRow } from '../core/signing/row.ts';
import type { VariableRow } from '../core/variables/row.ts';

/** What a probe looks at: what was seen outside, and what was derived from it. */
export interface Known extends Observations {
  /** ISO 8601 UTC. */
  readonly now: string;
  readonly caches: readonly CacheRow[];
  readonly variableRows: readonly VariableRow[];
  readonly signing: readonly SigningRow[];
  readonly findings: readonly Finding[];
}

/** Where a task stands. */
export interface Probe {
  readonly rung: Rung;
  /** Newest first. */
  readonly evidence: readonly Evidence[];
  /** Ids. */
  readonly findings: readonly string[];
}

/** One task of the build plan. */
export interface Task {
  readonly number: number;
  /** As on the command line. */
  readonly name: string;
  readonly title: string;
  readonly wave: string;
  /** Numbers of the tasks that come first. */
  readonly dependsOn: readonly number[];
  /** What the plan promises of it. */
  readonly promise?: string;
  readonly probe: (known: Known) => Probe;
}

/** What a probe says when the files of the checkout were not read. */
export const unread: Probe = { rung: 'unknown', evidence: [], findings: [] };
