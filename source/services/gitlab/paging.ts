import type { HeaderFields } from '../http/headers.ts';

/** The address of the next page, of the same route as `current`: only the query of a `Link` is taken, never its host. */
export function nextPage(current: URL, headers: HeaderFields): URL | undefined {
  const told = relNext(headers.get('link') ?? '');
  const next = new URL(current);
  if (told !== undefined) {
    if (!URL.canParse(told, current.href)) return undefined;
    next.search = new URL(told, current).search;
    return next;
  }
  const page = headers.get('x-next-page')?.trim();
  if (!page || !/^\d+$/.test(page)) return undefined;
  next.searchParams.set('page', page);
  return next;
}

const parameter = /\s*;\s*([^\s=;,]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/;
const link = new RegExp(`<([^>]*)>((?:${parameter.source})*)`, 'g');

/** RFC 8288: `<address>; rel="next"; …, <address>; rel="first"`. */
function relNext(header: string): string | undefined {
  for (const [, address, parameters = ''] of header.matchAll(link))
    for (const [, name, quoted, bare] of parameters.matchAll(new RegExp(parameter, 'g')))
      if (name?.toLowerCase() === 'rel' && (quoted ?? bare ?? '').split(/\s+/).includes('next'))
        return address;
  return undefined;
}
