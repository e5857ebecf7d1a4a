import type { CacheRow } from '../core/caches/row.ts';
import type { Evidence, Finding, Rung } from '../core/evidence.ts';
import type { Observations } from '../core/observations.ts';
import type { Plan, PlanTarget } from '../core/plan/plan.ts';
import type { TriedWay } from '../core/plan/trialRun.ts';
import type { Secret } from '../core/secret.ts';
import type { SigningRow } from '../core/signing/row.ts';
import type { VariableRow } from '../core/variables/row.ts';
import type { Workspace } from '../services/workspace.ts';
import type { Probes } from './readiness.ts';

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

/** One way to do a task. */
export interface TaskOption {
  /** As on the command line: `server-api`. */
  readonly name: string;
  readonly title: string;
  /** What speaks for it and against it. */
  readonly tradeOff: string;
  readonly possible: boolean;
  /** Why it is not possible, or why it is recommended. */
  readonly because?: string;
  /** Lines for a person to write where the program cannot. */
  readonly byHand?: readonly string[];
  readonly recommended: boolean;
  /** What a trial of it on a branch measured, also one that was closed since. */
  readonly tried?: TriedWay;
}

/** Something that the user may set before planning: `--set NAME=VALUE`. */
export interface TaskSetting {
  readonly name: string;
  readonly title: string;
  /** What is taken when it is not set. */
  readonly value?: string;
  /** Why that is proposed, or what another value means. */
  readonly because?: string;
  /** The only values there are. */
  readonly choices?: readonly string[];
}

/** What the user chose. */
export interface Choice {
  /** Of an option; the recommended one when absent. */
  readonly option?: string;
  readonly target: PlanTarget;
  readonly settings: Readonly<Record<string, string>>;
}

/** What planning works with. Nothing in it may write: planning only reads. */
export interface Planning {
  readonly workspace: Workspace;
  readonly known: Known;
  readonly choice: Choice;
  /** Asks for a secret that planning itself needs. */
  readonly secret?: (name: string, title: string) => Promise<Secret>;
  readonly signal?: AbortSignal;
}

/** What verifying works with: no choice, but what was set for it, such as what to check with. */
export interface Verifying extends Omit<Planning, 'choice'> {
  readonly settings?: Readonly<Record<string, string>>;
}

/** One line of what was looked at before a plan. */
export interface Preflight {
  /** `free-space`. */
  readonly id: string;
  readonly title: string;
  readonly state: 'fine' | 'warning' | 'problem' | 'unknown';
  /** Evidence, in one line. */
  readonly saw: string;
  readonly fix?: string;
}

/** A plan and what was looked at for it; or why there is none: what has the state `problem`. */
export type Planned = { readonly plan: Plan; readonly preflight: readonly Preflight[] } | Refusal;

/** Why there is no plan. */
export interface Refusal {
  readonly refused: string;
  readonly preflight: readonly Preflight[];
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
  /** The ways to do it, in the order they are offered; absent when there is one. */
  readonly options?: (planning: Omit<Planning, 'choice'>) => Promise<readonly TaskOption[]>;
  /** What may be set, for the option chosen. */
  readonly settings?: (planning: Planning) => Promise<readonly TaskSetting[]>;
  /** Absent for a task that the program does not carry out. Throws a `Failure` when it could not look. */
  readonly plan?: (planning: Planning) => Promise<Planned>;
  /** Looks whether it works, beyond `probe`: `known` was looked at anew. */
  readonly verify?: (planning: Verifying) => Promise<Probe>;
  /** Whether its changes can be tried on a branch first: the target `trial`. */
  readonly canTry?: boolean;
  /** Looks for readiness, that its plans name. */
  readonly probes?: Probes;
}

/** What a probe says when the files of the checkout were not read. */
export const unread: Probe = { rung: 'unknown', evidence: [], findings: [] };
