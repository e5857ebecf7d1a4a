import * as z from 'zod';
import { Refused } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import type { Client } from './client.ts';
import { shaped } from './json.ts';

const answerSchema = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ message: z.string().catch('an error without a message') })).nullish(),
});

export type Query = <T>(
  document: string,
  variables: Readonly<Record<string, string | null>>,
  schema: z.ZodType<T>,
  signal: AbortSignal | undefined,
) => Promise<T>;

/**
 * Queries of GitLab's GraphQL. What it refuses (over 250 points of complexity, a field of a newer server) comes with status
 * 200: `Refused`, with the code `unknown-field` for the latter and `graphql` for the rest.
 */
export function createQuery(server: string, client: Client, redact: (text: string) => string): Query {
  const url = `${server}/api/graphql`;
  const tried = redact(`POST ${url}`);
  return async (document, variables, schema, signal) => {
    if (client.tokenKind === 'job')
      throw new Refused({
        tried,
        saw: 'GraphQL takes no job tokens',
        next: ['Use a personal access token with the scope read_api.'],
        code: 'graphql',
      });
    const body = JSON.stringify({ query: document, variables });
    const { json } = await client.json({ method: 'POST', url, body }, { signal, isQuery: true });
    const { data, errors } = shaped(answerSchema, json, tried);
    if (errors && errors.length > 0) {
      const words = errors.map(({ message }) => message).join('; ');
      throw new Refused({
        tried,
        saw: redact(plain(words, 300)),
        next: ['The program asks less, or over REST.'],
        code: /doesn't (?:exist|accept)|isn't defined/.test(words) ? 'unknown-field' : 'graphql',
      });
    }
    return shaped(schema, data, tried);
  };
}

export const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() });

/** The numeric end of a global id: 123 of `gid://gitlab/Ci::Build/123`. */
export function numberOf(globalId: string): number | undefined {
  const digits = /\/(\d+)$/.exec(globalId)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
