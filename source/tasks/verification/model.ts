import type { Evidence, Rung } from '../../core/evidence.ts';
import type { Workspace } from '../../services/workspace.ts';
import type { Known } from '../task.ts';

const verifyPlaces = ['here', 'honey', 'ci'] as const;

/** On this machine, on the runner's host, or as a job of a pipeline. */
export type VerifyPlace = (typeof verifyPlaces)[number];

/** What a verification works with. */
export interface VerifyContext {
  readonly workspace: Workspace;
  readonly known: Known;
  readonly place: VerifyPlace;
  /** The folder of the checkout on honey. */
  readonly folder?: string;
  /** Seconds that one command, or one job, may take. */
  readonly timeout: number;
  /** In a pipeline: runs the job again, rather than reading its last log. */
  readonly isAgain: boolean;
  readonly signal?: AbortSignal;
  /** Takes what commands and jobs print, by whole lines, redacted; untrusted. */
  readonly onOutput: (text: string, stream: 'stdout' | 'stderr') => void;
}

/** What was seen. `passed` says that it worked; the rung, how much that shows. */
export interface Verdict {
  readonly state: 'passed' | 'failed';
  readonly rung: Rung;
  /** Newest first. */
  readonly evidence: readonly Evidence[];
  /** Counts and sizes by name, with the unit in the name: `copied`, `bytes`, `seconds`. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** One of the plan's verification commands. */
export interface Verification {
  /** As on the command line: `nix-build`. */
  readonly name: string;
  readonly title: string;
  /** Where it can be done, the usual first. */
  readonly places: readonly VerifyPlace[];
  /** `none` only looks. */
  readonly effect: (place: VerifyPlace, isAgain: boolean) => 'none' | 'local' | 'remote';
  /** What is run there, to be shown before. */
  readonly commands: (place: VerifyPlace) => readonly string[];
  /** Throws a `Failure` when it cannot run; its verdict says how it went. */
  readonly run: (context: VerifyContext) => Promise<Verdict>;
}

/** What came of a verification. */
export interface VerifyResult {
  readonly name: string;
  readonly title: string;
  readonly place: VerifyPlace;
  readonly state: 'passed' | 'failed' | 'could-not-run';
  readonly rung: Rung;
  readonly evidence: readonly Evidence[];
  readonly numbers: Readonly<Record<string, number>>;
  /** Why it could not run, and what helps. */
  readonly because?: string;
  readonly next?: readonly string[];
}

/** What happens while one runs, in order. */
export type VerifyEvent =
  | {
      readonly verification: string;
      readonly state: 'started';
      readonly place: VerifyPlace;
      readonly commands: readonly string[];
    }
  | {
      readonly verification: string;
      readonly state: 'output';
      /** Untrusted, redacted. */
      readonly text: string;
      readonly stream: 'stdout' | 'stderr';
    };
