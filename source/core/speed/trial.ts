import { isOwnBranch } from '../plan/branch.ts';
import type { PastPipeline, SpeedInput } from './past.ts';

/**
 * Whether a pipeline tried a change out that was not on the default branch yet: on a branch of this program, or for the merge
 * request of a task's commit. It is neither how things were before the change, nor how they are.
 */
export function isTrial(
  { summary: { ref }, comparison }: PastPipeline,
  { defaultBranch, applied }: Pick<SpeedInput, 'defaultBranch' | 'applied'>,
): boolean {
  if (ref === defaultBranch) return false;
  if (isOwnBranch(ref)) return true;
  const own = new Set(applied.flatMap(({ commits }) => commits.map(({ title }) => title)));
  const isRequest = ref.startsWith('refs/merge-requests/');
  return isRequest && (comparison?.commits ?? []).some(({ title }) => own.has(title));
}
