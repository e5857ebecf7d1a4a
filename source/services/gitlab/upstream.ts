import * as z from 'zod';
import { Failure } from '../../core/failure.ts';
import type { PipelineSummary, Upstream } from '../../core/gitlab/model.ts';
import { known } from '../../core/known.ts';
import { numberOf, type Query } from './graphql.ts';
import { text } from './shapes/values.ts';

export interface UpstreamQuery {
  readonly query: Query;
  readonly path: string;
  readonly pipeline: Pick<PipelineSummary, 'iid'>;
  readonly signal: AbortSignal | undefined;
}

const shape = z.object({
  project: z
    .object({
      pipeline: z
        .object({
          upstream: z
            .object({
              id: text,
              project: z.object({ fullPath: text }).nullish(),
            })
            .nullish(),
          sourceJob: z.object({ name: text.nullish() }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

/** The pipeline whose bridge started this one, which only GraphQL tells; undefined for one that no bridge started. */
export async function readUpstream(query: UpstreamQuery): Promise<Upstream | undefined> {
  if (query.pipeline.iid === 0) return undefined;
  const found = await ask(query, true).catch((thrown: unknown) => {
    if (thrown instanceof Failure && thrown.code === 'unknown-field') return ask(query, false);
    throw thrown;
  });
  const { upstream, sourceJob } = found.project?.pipeline ?? {};
  const id = upstream ? numberOf(upstream.id) : undefined;
  if (!upstream || id === undefined) return undefined;
  return known({
    id,
    project: upstream.project?.fullPath,
    bridge: sourceJob?.name,
  });
}

/** Older servers do not know the bridge. */
function ask({ query, path, pipeline, signal }: UpstreamQuery, withBridge: boolean) {
  const document = `query Upstream($path: ID!, $iid: ID!) { project(fullPath: $path) { pipeline(iid: $iid) {
  upstream { id project { fullPath } }${withBridge ? ' sourceJob { name }' : ''} } } }`;
  return query(document, { path, iid: String(pipeline.iid) }, shape, signal);
}
