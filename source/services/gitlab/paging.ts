/** The address of the next page, of the same route as `current`: only the query of a `Link` is taken, never its host. */
export function nextPage(current: URL, headers: Headers): URL | undefined {
  const link = relNext(headers.get('link') ?? '');
  const next = new URL(current);
  if (link !== undefined) {
    if (!URL.canParse(link, current.href)) return undefined;
    next.search = new URL(link, current).search;
    return next;
  }
  const page = headers.get('x-next-page')?.trim();
  if (!page || !/^\d+$/.test(page)) return undefined;
  next.searchParams.set('page', page);
  return next;
}

/** RFC 8288: `<address>; rel="next"; …, <address>; rel="first"`. */
function relNext(header: string): string | undefined {
  for (const [, address, parameters = ''] of header.matchAll(/<([^>]*)>((?:\s*;\s*[^,;"]+(?:"[^"]*")?)*)/g)) {
    const rel = /;\s*rel\s*=\s*"?([^";]+)"?/i.exec(parameters)?.[1] ?? '';
    if (rel.split(/\s+/).includes('next')) return address;
  }
  return undefined;
}
