import { type Part, viewFailure } from '../core/datum.ts';
import { asFailure, isAbort } from '../core/failure.ts';

/** The outcome of one look of several. Only an abort is thrown on. */
export async function asPart<T>(look: Promise<T>, tried: string): Promise<Part<T>> {
  try {
    return { value: await look };
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    return { failure: viewFailure(asFailure(thrown, tried)) };
  }
}
