import { type FailureView, viewFailure } from '../../core/datum.ts';
import { asFailure, isAbort, Refused } from '../../core/failure.ts';

/** Why a step ended, redacted: what it threw, or that the user stopped it, which is no mistake of anybody. */
export function failureOf(thrown: unknown, tried: string, redact: (text: string) => string): FailureView {
  const failure = isAbort(thrown)
    ? new Refused({ tried, saw: 'it was stopped, as it was asked to', next: [], code: 'stopped' })
    : asFailure(thrown, tried);
  const view = viewFailure(failure);
  return { ...view, tried: redact(view.tried), saw: redact(view.saw), next: view.next.map(redact) };
}
