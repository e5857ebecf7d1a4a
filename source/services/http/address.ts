import { type HeaderFields, headerFields } from './headers.ts';

/** Query parameters whose values open something: tokens, signatures of object storage, credentials. */
const secretParameter = /token|secret|password|passwd|sig|credential|auth|private|api[-_]?key|^code$/i;

/** Headers that mean the same to every server; all others stay with the origin they were meant for. */
const harmless: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'content-type',
  'if-none-match',
  'range',
  'user-agent',
]);

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** An address as it may be shown: without credentials, fragment, and the values of secret parameters. */
export function shownAddress(address: string): string {
  if (!URL.canParse(address)) return 'an address that is not a URL';
  const url = new URL(address);
  url.username = '';
  url.password = '';
  url.hash = '';
  for (const name of [...url.searchParams.keys()])
    if (secretParameter.test(name)) url.searchParams.set(name, 'MASKED');
  return url.href;
}

/** Where an answer points to, resolved against `from`; undefined when it is no redirect. */
export function redirectTarget(from: string, status: number, headers: HeaderFields): URL | undefined {
  const location = headers.get('location');
  if (!redirects.has(status) || location === null || !URL.canParse(location, from)) return undefined;
  const target = new URL(location, from);
  target.username = '';
  target.password = '';
  return target;
}

/** The headers that may go to `to` when they were made for `from`: all of them to the same scheme, host and port. */
export function headersFor(from: string, to: URL, headers: HeaderFields): HeaderFields {
  if (new URL(from).origin === to.origin) return headers;
  return headerFields([...headers].filter(([name]) => harmless.has(name)));
}
