import { createHmac, timingSafeEqual } from 'node:crypto';

/** Rights on a cache: pull, push, delete, create, configure, configure retention, destroy. */
export const rightNames = ['r', 'w', 'd', 'cc', 'cr', 'cq', 'cd'] as const;
export type Right = (typeof rightNames)[number];

/** Rights by cache name or pattern with `*`, in the order they are looked through. */
export type Grants = readonly (readonly [pattern: string, rights: ReadonlySet<Right>])[];

const claim = 'https://jwt.attic.rs/v1';

export interface TokenRequest {
  readonly subject: string;
  readonly caches: Readonly<Record<string, readonly Right[]>>;
  /** Seconds since the epoch; without it the token never expires. */
  readonly expiresAt?: number;
  readonly notBefore?: number;
}

/** A JWT (HS256) with the claims that `atticadm make-token` writes. */
export function makeToken(
  secret: Uint8Array,
  { subject, caches, expiresAt, notBefore }: TokenRequest,
): string {
  const rights = Object.entries(caches).map(([name, list]) => [
    name,
    Object.fromEntries(list.map((right) => [right, 1])),
  ]);
  const payload = {
    exp: expiresAt,
    nbf: notBefore,
    sub: subject,
    [claim]: { caches: Object.fromEntries(rights) },
  };
  const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(payload)}`;
  return `${body}.${signature(secret, body)}`;
}

/** What a token grants at `now` (milliseconds); undefined for one that Attic drops in silence. No leeway, as there. */
export function readToken(secret: Uint8Array, token: string, now: number): Grants | undefined {
  const [head = '', payload = '', mac = '', ...more] = token.split('.');
  if (more.length > 0 || field(decode(head), 'alg') !== 'HS256') return undefined;
  const expected = Buffer.from(signature(secret, `${head}.${payload}`));
  const given = Buffer.from(mac);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
  const claims = decode(payload);
  const times = ['exp', 'nbf', 'iat'].map((name) => field(claims, name));
  if (times.some((time) => time !== undefined && typeof time !== 'number')) return undefined;
  const [expires, notBefore, issued] = times;
  if (typeof expires === 'number' && expires * 1000 <= now) return undefined;
  if ([notBefore, issued].some((time) => typeof time === 'number' && time * 1000 > now)) return undefined;
  return readGrants(field(field(claims, claim), 'caches'));
}

/** The rights on one cache: of its exact name, else of the first pattern that fits. */
export function rightsOn(grants: Grants, cache: string): ReadonlySet<Right> {
  const exact = grants.find(([name]) => name === cache);
  const found = exact ?? grants.find(([pattern]) => matches(pattern, cache));
  return found?.[1] ?? new Set();
}

/** The token of an Authorization header: `Bearer` and one space, or Basic with any user. */
export function tokenOfHeader(header: string | undefined): string | undefined {
  const [, scheme = '', value = ''] = /^(bearer|basic) (\S+)\s*$/i.exec(header ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  return Buffer.from(value, 'base64').toString('utf8').split(':').slice(1).join(':');
}

function readGrants(caches: unknown): Grants | undefined {
  if (typeof caches !== 'object' || caches === null) return undefined;
  const grants: [string, Set<Right>][] = [];
  for (const [name, rights] of Object.entries(caches)) {
    const granted = new Set<Right>();
    for (const right of rightNames) {
      const value = field(rights, right);
      if (value !== undefined && value !== 0 && value !== 1) return undefined;
      if (value === 1) granted.add(right);
    }
    grants.push([name, granted]);
  }
  return grants;
}

function matches(pattern: string, cache: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return parts.length > 1 && new RegExp(`^${parts.join('.*')}$`).test(cache);
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function signature(secret: Uint8Array, body: string): string {
  return createHmac('sha256', secret).update(body).digest('base64url');
}
