import type { Route } from '../../http/router.ts';
import type { Context } from './context.ts';

/** A route below `/api/v4`. Reading wants `api` or `read_api` unless `reads` says otherwise; writing wants `api`. */
export interface GitLabRoute extends Route<Context> {
  readonly reads?: readonly string[] | 'any';
}
