import type { Failure, FailureKind } from './failure.ts';

/** A failure as a value that can be kept, shown and serialised; holds no secret and no stack. */
export interface FailureView {
  readonly kind: FailureKind;
  readonly tried: string;
  readonly saw: string;
  readonly next: readonly string[];
  readonly code: string;
}

/** The outcome of one look of several: what was seen, or why not. */
export type Part<T> = { readonly value: T } | { readonly failure: FailureView };

/**
 * A remote value with its age. `loading`: nothing yet. `fresh`: `value` is of the last try. `stale`: `value` is older, of this
 * run or the one before; `failure` says why when a try failed. `failed`: no value, `failure` says why. `off`: not configured.
 */
export interface Datum<T> {
  readonly state: 'loading' | 'fresh' | 'stale' | 'failed' | 'off';
  readonly value?: T;
  /** Milliseconds since the epoch when `value` was fetched. */
  readonly fetchedAt?: number;
  readonly failure?: FailureView;
  /** For `off`: what to set so that there is something to look at. */
  readonly off?: string;
}

export function viewFailure({ kind, tried, saw, next, code }: Failure): FailureView {
  return { kind, tried, saw, next, code };
}

/** The value of a part; undefined when it failed or was not looked at. */
export function partValue<T>(part: Part<T> | undefined): T | undefined {
  return part && 'value' in part ? part.value : undefined;
}
