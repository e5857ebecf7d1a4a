import { AsyncLocalStorage } from 'node:async_hooks';
import type { ResourceOptions, ResponseBodyTypes } from '@gitbeaker/requester-utils';
import type {
  ContainerRegistry,
  GroupVariables,
  Jobs,
  Metadata,
  PersonalAccessTokens,
  Pipelines,
  Projects,
  ProjectVariables,
  ProtectedBranches,
  ProtectedTags,
  RepositoryFiles,
  Runners,
  Users,
} from '@gitbeaker/rest';
import { Bug } from '../../core/failure.ts';
import { abortError } from '../http/errors.ts';
import type { CallOptions, Client } from './client.ts';
import { readAll } from './rows.ts';

/** The routes of gitbeaker that are used. */
export interface Routes {
  readonly projects: Projects;
  readonly projectVariables: ProjectVariables;
  readonly groupVariables: GroupVariables;
  readonly protectedBranches: ProtectedBranches;
  readonly protectedTags: ProtectedTags;
  readonly runners: Runners;
  readonly pipelines: Pipelines;
  readonly jobs: Jobs;
  readonly files: RepositoryFiles;
  readonly registry: ContainerRegistry;
  readonly metadata: Metadata;
  readonly tokens: PersonalAccessTokens;
  readonly users: Users;
}

export interface RouteOptions extends CallOptions {
  /** Rows of a list; all when absent. */
  readonly limit?: number;
  /** The route gives a list: asks for the longest pages. */
  readonly isList?: boolean;
}

/** Calls a route of gitbeaker; what it sends goes over our client, with these options. */
export type CallRoute = (
  route: (routes: Routes) => Promise<unknown>,
  options: RouteOptions,
) => Promise<unknown>;

/**
 * Gitbeaker's routes over our own client: its requests, retries, paging and errors are not used, since it repeats POST,
 * ignores Retry-After, cannot be aborted and shows the token in its errors. It is loaded at the first call.
 */
export function createRoutes(server: string, client: Client): CallRoute {
  // Gitbeaker passes neither signal nor grant on: they travel beside it.
  const calls = new AsyncLocalStorage<RouteOptions>();
  let routes: Promise<Routes> | undefined;
  return async (route, options) => {
    if (options.signal?.aborted) throw abortError(options.signal);
    routes ??= load(server, client, calls);
    const loaded = await routes;
    return calls.run(options, () => route(loaded));
  };
}

async function load(server: string, client: Client, calls: AsyncLocalStorage<RouteOptions>): Promise<Routes> {
  const [rest, { createRequesterFn }] = await Promise.all([
    import('@gitbeaker/rest'),
    import('@gitbeaker/requester-utils'),
  ]);
  const requesterFn = createRequesterFn(
    async (_service: ResourceOptions, options) => options,
    async (endpoint, options = {}) => {
      const { prefixUrl, searchParams, method, body } = options;
      const call = calls.getStore() ?? {};
      const url = new URL(`${String(prefixUrl).replace(/\/*$/, '/')}${endpoint}`);
      if (typeof searchParams === 'string') url.search = searchParams;
      if (call.isList) url.searchParams.set('per_page', String(Math.min(call.limit ?? 100, 100)));
      if (method === 'GET') return answerOf(await readAll(client, url, call), url);
      const sent = { method: methodOf(method), url: url.href, ...(typeof body === 'string' ? { body } : {}) };
      return answerOf((await client.json(sent, call)).json, url);
    },
  );
  const options = { host: server, requesterFn, rateLimits: {}, queryTimeout: null };
  return {
    projects: new rest.Projects(options),
    projectVariables: new rest.ProjectVariables(options),
    groupVariables: new rest.GroupVariables(options),
    protectedBranches: new rest.ProtectedBranches(options),
    protectedTags: new rest.ProtectedTags(options),
    runners: new rest.Runners(options),
    pipelines: new rest.Pipelines(options),
    jobs: new rest.Jobs(options),
    files: new rest.RepositoryFiles(options),
    registry: new rest.ContainerRegistry(options),
    metadata: new rest.Metadata(options),
    tokens: new rest.PersonalAccessTokens(options),
    users: new rest.Users(options),
  };
}

/** Without a Link header gitbeaker asks for no further page: all of them are here. */
function answerOf(
  json: unknown,
  url: URL,
): { status: number; headers: Record<string, string>; body: ResponseBodyTypes } {
  if (typeof json === 'object' && json !== null)
    return { status: 200, headers: {}, body: json as ResponseBodyTypes };
  throw new Bug({
    tried: `ask ${url.origin}${url.pathname}`,
    saw: `JSON that is neither an object nor a list, but ${json === null ? 'null' : `a ${typeof json}`}`,
    next: ['Report this with the version of the GitLab server.'],
    code: 'unexpected-shape',
  });
}

function methodOf(method: unknown): 'POST' | 'PUT' | 'PATCH' | 'DELETE' {
  return method === 'PUT' || method === 'PATCH' || method === 'DELETE' ? method : 'POST';
}
