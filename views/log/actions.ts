import type { Action } from '../actions/action.ts';

/** Actions of the scope `log`, for the registry. */
export const logActions: readonly Action[] = [];
