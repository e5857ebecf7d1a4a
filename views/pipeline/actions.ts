import type { Action } from '../actions/action.ts';

/** Actions of the scope `pipeline`, for the registry. */
export const pipelineActions: readonly Action[] = [];
