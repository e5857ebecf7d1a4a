import { NeedsUser } from '../../core/failure.ts';

/** Where one cache of an Attic server is. */
export interface AtticAddress {
  /** The server's API is below it; with a slash at the end. */
  readonly root: string;
  readonly cache: string;
  /** What Nix asks, without a slash at the end. */
  readonly url: string;
}

const cacheName = /^[A-Za-z0-9][A-Za-z0-9\-_+]{0,49}$/;

/** Takes the address of a cache, or that of the server with the cache's name. */
export function atticAddress(address: string, name?: string): AtticAddress {
  const tried = 'connect to Attic';
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new NeedsUser({
      tried,
      saw: 'the address of the cache is not http or https',
      next: ['Set it as https://host/cache.'],
      code: 'bad-address',
    });
  const segments = url.pathname.split('/').filter(Boolean);
  const last = segments.at(-1);
  if (name === undefined || last === name) segments.pop();
  const cache = name ?? last ?? '';
  if (!cacheName.test(cache))
    throw new NeedsUser({
      tried,
      saw: cache === '' ? 'the address names no cache' : 'what the address names is no name of a cache',
      next: ['Set it as https://host/cache, with the name that attic cache info knows.'],
      code: 'bad-cache-name',
    });
  const root = `${url.origin}/${segments.map((one) => `${one}/`).join('')}`;
  return { root, cache, url: `${root}${cache}` };
}
