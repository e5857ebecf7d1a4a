import type { Change, Run } from './model.ts';

/**
 * Whether a run is one with a change: it began after it, and not on a branch that does not have it yet. Where nobody knows what a
 * branch has, the time decides.
 */
export function isSince({ at, lacks }: Run, change: Pick<Change, 'at' | 'sha'>): boolean {
  return at >= Date.parse(change.at) && (change.sha === undefined || !lacks?.includes(change.sha));
}
