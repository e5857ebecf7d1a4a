import type { Undo } from '../change.ts';
import type { Action } from './action.ts';
import type { Predicted } from './predicted.ts';

/**
 * Where changes of files go: into the checkout itself, to GitLab as a merge request, or to a branch on which they are tried
 * out before anything else.
 */
export type PlanTarget = (typeof planTargets)[number];

export const planTargets = ['worktree', 'merge-request', 'trial'] as const;

/** The exact effect of a step, as it is shown. */
export type Preview =
  | { readonly diff: string }
  | {
      readonly command: readonly string[];
      readonly host: string;
      /** What it is handed; secrets by name. */
      readonly input?: string;
      /** When it is not run, and what is run when it fails and to undo it. */
      readonly notes?: readonly string[];
    }
  | { readonly request: string; readonly body?: string }
  | { readonly text: string };

/** One step of a plan. */
export interface PlanStep {
  /** Unique in its plan: `edit-flake`. */
  readonly id: string;
  /** In the imperative. */
  readonly title: string;
  /** `none` looks only. */
  readonly effect: 'none' | 'local' | 'remote' | 'destructive';
  /** What is written to, in words: a path, a host, a GitLab object. */
  readonly target: string;
  readonly preview: Preview;
  /** Fingerprints of the target, where it has bytes. */
  readonly before?: string;
  readonly after?: string;
  readonly undo: Undo;
  readonly action: Action;
}

/** A secret that the plan needs: asked for when the plan is applied, never in the plan. */
export interface SecretWanted {
  readonly name: string;
  readonly title: string;
}

/** What a task will do: a plain value, which can be kept, shown and applied later. */
export interface Plan {
  readonly schema: 'huskycat-tui/task-plan@1';
  /** ISO 8601 UTC, when it was made. */
  readonly at: string;
  /** The task's name. */
  readonly task: string;
  readonly option?: string;
  readonly target: PlanTarget;
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: readonly SecretWanted[];
  /** Empty when nothing is left to do. */
  readonly steps: readonly PlanStep[];
  /** What it is expected to bring, by event; absent where nothing is predicted. */
  readonly predicted?: readonly Predicted[];
  /** Hash over everything but the time and what is expected of it. */
  readonly fingerprint: string;
}
