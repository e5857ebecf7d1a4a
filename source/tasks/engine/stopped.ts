import { type FailureView, viewFailure } from '../../core/datum.ts';
import { asFailure, isAbort, NeedsUser, Refused } from '../../core/failure.ts';
import type { Effective } from './context.ts';

/** Why a step ended, redacted: what it threw, or that the user stopped it, which is no mistake of anybody. */
export function failureOf(thrown: unknown, tried: string, redact: (text: string) => string): FailureView {
  const failure = isAbort(thrown)
    ? new Refused({ tried, saw: 'it was stopped, as it was asked to', next: [], code: 'stopped' })
    : asFailure(thrown, tried);
  const view = viewFailure(failure);
  return { ...view, tried: redact(view.tried), saw: redact(view.saw), next: view.next.map(redact) };
}

/**
 * Whether what a step did has ended for certain. What was sent to another machine may go on there after the connection is
 * lost: its effect may come later than the look at it.
 */
export function isOver(action: Effective, thrown: unknown): boolean {
  const isHere = action.kind === 'edit-file' || (action.kind === 'command' && action.where === 'here');
  return isHere || thrown instanceof Refused || thrown instanceof NeedsUser;
}
