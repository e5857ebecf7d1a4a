import { Failure } from '../../core/failure.ts';

/** A check that a token may not ask for is no reason to stop: GitLab itself will tell, when it makes the pipeline. Rethrows the rest. */
export function unlessForbidden(thrown: unknown): undefined {
  if (thrown instanceof Failure && (thrown.status === 403 || thrown.status === 401)) return undefined;
  throw thrown;
}
