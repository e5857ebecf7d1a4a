import type { Action } from '../actions/action.ts';

/** Actions of the scope `speed`, for the registry. */
export const speedActions: readonly Action[] = [
  {
    id: 'speed.refresh',
    title: 'Measure again',
    help: 'Reads the pipelines that ended since.',
    keys: ['r'],
    scope: 'speed',
    effect: 'read',
    footer: 66,
  },
];
