import { Unavailable } from '../../core/failure.ts';
import type { CallOptions, Client } from './client.ts';
import { nextPage } from './paging.ts';

/** A hundred rows each: beyond GitLab's own limits (30,000 variables of a group). */
const mostPages = 500;

/** What a GET gives: an object as it is, or the rows of all pages of a list, at most `limit` of them. */
export async function readAll(
  client: Client,
  url: URL,
  call: CallOptions & { readonly limit?: number | undefined },
): Promise<unknown> {
  const { limit = Number.POSITIVE_INFINITY } = call;
  const rows: unknown[] = [];
  const seen = new Set<string>();
  for (let next: URL | undefined = url; next !== undefined && rows.length < limit; ) {
    if (seen.has(next.href)) throw endless(url, `the next page is one that came before (${seen.size} pages)`);
    if (seen.size === mostPages) throw endless(url, `more than ${mostPages} pages`);
    seen.add(next.href);
    const { json, headers } = await client.json({ method: 'GET', url: next.href }, call);
    if (!Array.isArray(json)) return json;
    for (const row of json) rows.push(row);
    next = nextPage(next, headers);
  }
  return rows.slice(0, limit);
}

function endless(url: URL, saw: string): Unavailable {
  return new Unavailable({
    tried: `GET ${url.origin}${url.pathname}`,
    saw,
    next: ['A proxy between may change the paging headers; report it with the version of the server.'],
    code: 'too-many-pages',
  });
}
