import type { Context } from '../rest/context.ts';

/** A request to GraphQL, where each pipeline and job leads back to the project. */
export interface GraphContext extends Context {
  readonly projectNode: () => Record<string, unknown>;
}
