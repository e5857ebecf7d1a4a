import type { Preview } from '../../core/plan/plan.ts';
import type { Grant } from '../../services/grant.ts';

/**
 * What a look at a step's target shows. `before`: as the plan found it. `after`: the effect is there. `neither`: something
 * else. `unknown`: it cannot be told, and the step may be done again at any time.
 */
export interface Look {
  readonly state: 'before' | 'after' | 'neither' | 'unknown';
  /** In one line, safe to show. */
  readonly saw: string;
}

/** Receives what a step prints, untrusted and not redacted. */
export type OnOutput = (text: string, stream: 'stdout' | 'stderr') => void;

/** Carries out one step; made anew for each use from the step's action. */
export interface Executor {
  look(signal?: AbortSignal): Promise<Look>;
  /** What the step would do now, to hold against what was shown. */
  preview(signal?: AbortSignal): Promise<Preview>;
  /** Fingerprint of the target now, for a step that has a `before`. */
  readonly current?: (signal: AbortSignal) => Promise<string>;
  /** What `undo` will need, as JSON, read before the effect. */
  remember(signal?: AbortSignal): Promise<Memory>;
  /** Gives one line about what was done. */
  apply(grant: Grant, onOutput: OnOutput, signal?: AbortSignal): Promise<string>;
  /** Why it could not be taken back any more; looked at before anything of its run is. */
  cannotUndo?(signal?: AbortSignal): Promise<string | undefined>;
  undo(grant: Grant, memory: Memory, onOutput: OnOutput, signal?: AbortSignal): Promise<string>;
  /** Whether `undo` may meet a step that was only half done, and cleans it up. */
  readonly undoesHalf: boolean;
}

/** What a step keeps for its undo. */
export type Memory = Readonly<Record<string, string | number | boolean>>;
