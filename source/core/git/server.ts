/**
 * A GitLab server as it is named by people: a host, with or without scheme, port and sub-path. Gives its base address
 * without a trailing slash: `https://gitlab.com`, `http://127.0.0.1:8080/gitlab`. https unless a scheme is given; `www.` is
 * dropped. Undefined for what is no http address, and for one that holds credentials, a query or a fragment.
 */
export function parseServer(text: string): string | undefined {
  const given = text.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `https://${given}`;
  if (given === '' || !URL.canParse(withScheme)) return undefined;
  const url = new URL(withScheme);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  if (url.username || url.password || url.search || url.hash) return undefined;
  return `${url.protocol}//${withoutWww(url.host)}${url.pathname.replace(/\/+$/, '')}`;
}

/** A host name without the `www.` that GitLab redirects away. */
export function withoutWww(host: string): string {
  return host.replace(/^www\./, '');
}

/**
 * True when a credential that was given for `bound` may be sent to `server` (both as `parseServer` gives them): the same
 * host, port and scheme, at or below the same sub-path. `bound` is text as the user wrote it; without a scheme it means https,
 * and on this machine itself also http.
 */
export function isBoundTo(bound: string, server: string): boolean {
  const target = new URL(server);
  const hasScheme = bound.includes('://');
  const schemes = hasScheme ? [''] : isLoopback(target.hostname) ? ['https://', 'http://'] : ['https://'];
  return schemes.some((scheme) => {
    const address = parseServer(scheme + bound);
    return address !== undefined && (server === address || server.startsWith(`${address}/`));
  });
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
