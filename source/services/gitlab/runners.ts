import type * as z from 'zod';
import { Failure } from '../../core/failure.ts';
import type { Runner, RunnerListing } from '../../core/gitlab/model.ts';
import type { CallRoute } from './gitbeaker.ts';
import type { Query } from './graphql.ts';
import { shaped } from './json.ts';
import { runnerSchema, runnersPage, runnersSchema } from './shapes/runner.ts';

export interface RunnerQuery {
  readonly query: Query;
  readonly route: CallRoute;
  readonly project: { readonly id: number; readonly path: string };
  readonly signal: AbortSignal | undefined;
}

const document = `query Runners($path: ID!, $after: String) { project(fullPath: $path) { runners(first: 100, after: $after) {
  pageInfo { hasNextPage endCursor }
  nodes { id description runnerType status paused tagList runUntagged accessLevel locked contactedAt jobExecutionStatus } } } }`;

const together = 4;

/** Runners with their tags: one GraphQL query, or the REST list with a request for each. */
export async function readRunners(query: RunnerQuery): Promise<RunnerListing> {
  const found = await overGraphql(query).catch((thrown: unknown) => {
    if (thrown instanceof Failure) return undefined;
    throw thrown;
  });
  // Nothing may mean that the token sees nothing: REST says which.
  return found && found.runners.length > 0 ? found : overRest(query);
}

async function overGraphql({ query, project, signal }: RunnerQuery): Promise<RunnerListing | undefined> {
  const runners: Runner[] = [];
  let hidden = 0;
  for (let after: string | null = null; ; ) {
    const page: z.output<typeof runnersPage> = await query(
      document,
      { path: project.path, after },
      runnersPage,
      signal,
    );
    const seen = page.project;
    if (!seen?.runners) return undefined;
    for (const node of seen.runners.nodes) {
      if (node) runners.push(node);
      else hidden++;
    }
    const { hasNextPage, endCursor } = seen.runners.pageInfo;
    if (!hasNextPage || !endCursor || endCursor === after) break;
    after = endCursor;
  }
  return hidden === 0 ? { runners } : { runners, incomplete: `${hidden} runners are hidden from this token` };
}

async function overRest({ route, project, signal }: RunnerQuery): Promise<RunnerListing> {
  const listed = await route(({ runners }) => runners.all({ projectId: project.id }), {
    signal,
    isList: true,
    role: 'Maintainer',
  }).catch(refusal);
  if (listed instanceof Failure) return { runners: [], incomplete: listed.saw };
  const rows = shaped(runnersSchema, listed, 'GET projects/:id/runners');
  const runners: Runner[] = [...rows];
  let refused = 0;
  const queue = [...rows.entries()];
  const ask = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, row] = next;
      const detail = await route(({ runners: all }) => all.show(row.id), {
        signal,
        role: 'Maintainer',
      }).catch(refusal);
      if (detail instanceof Failure) refused++;
      else runners[index] = { ...row, ...shaped(runnerSchema, detail, 'GET runners/:id') };
    }
  };
  try {
    await Promise.all(Array.from({ length: together }, ask));
  } finally {
    queue.length = 0;
  }
  return refused === 0
    ? { runners }
    : { runners, incomplete: `tags of ${refused} of ${rows.length} runners need the role Maintainer` };
}

/** A refusal is an answer here; anything else is thrown on. */
function refusal(thrown: unknown): Failure {
  if (thrown instanceof Failure && (thrown.status === 403 || thrown.status === 404)) return thrown;
  throw thrown;
}
