import { decodeJwt, isObject, type Jwt } from '../jwt.ts';
import { plain } from '../text/safe.ts';

/** What a token of Attic says of itself. */
export interface AtticToken {
  /** False when it is no JWT: then nothing is known of it. */
  readonly readable: boolean;
  readonly subject?: string;
  /** ISO 8601 UTC; absent when it never expires. */
  readonly expiresAt?: string;
  readonly expired: boolean;
  /** Rights on this cache, as the claims say. */
  readonly rights: readonly ('pull' | 'push' | 'delete' | 'create' | 'configure' | 'retention' | 'destroy')[];
  /** Why the server would drop it and answer as to anybody; absent when nothing in it says so. */
  readonly problem?: string;
}

type Right = AtticToken['rights'][number];

/** Attic's own claim, and the letters of its rights. */
const namespace = 'https://jwt.attic.rs/v1';
const letters: readonly (readonly [string, Right])[] = [
  ['r', 'pull'],
  ['w', 'push'],
  ['d', 'delete'],
  ['cc', 'create'],
  ['cr', 'configure'],
  ['cq', 'retention'],
  ['cd', 'destroy'],
];

/**
 * What a token of Attic says of itself for one cache. `now` is in milliseconds since the epoch. Attic drops a token that it
 * does not accept without a word and answers as to anybody: `problem` says why it would.
 */
export function readAtticToken(token: string, cache: string, now: number): AtticToken {
  const jwt = decodeJwt(token);
  if (!jwt) return { readable: false, expired: false, rights: [] };
  const { sub, exp } = jwt.claims;
  const expiry = isTime(exp) ? exp * 1000 : undefined;
  const rights = rightsOn(jwt.claims, cache);
  const problem = problemOf(jwt, now) ?? rights.problem;
  return {
    readable: true,
    ...(typeof sub === 'string' ? { subject: plain(sub, 100) } : {}),
    ...(expiry === undefined ? {} : { expiresAt: new Date(expiry).toISOString() }),
    expired: expiry !== undefined && expiry <= now,
    rights: rights.granted,
    ...(problem === undefined ? {} : { problem }),
  };
}

function problemOf({ header, claims }: Jwt, now: number): string | undefined {
  const { exp, nbf, iat } = claims;
  if (header.alg !== 'RS256' && header.alg !== 'HS256')
    return `signed with ${plain(String(header.alg), 20)}: Attic takes RS256 and HS256`;
  if (exp !== undefined && !isTime(exp)) return 'its expiry is no number';
  if (isTime(exp) && exp * 1000 <= now) return `it expired at ${new Date(exp * 1000).toISOString()}`;
  const begin = [nbf, iat].find((time) => isTime(time) && time * 1000 > now);
  return isTime(begin)
    ? `it is not valid before ${new Date(begin * 1000).toISOString()}: check the clocks`
    : undefined;
}

/** Seconds since the epoch that a date can hold. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e12;
}

function rightsOn(claims: Readonly<Record<string, unknown>>, cache: string) {
  const own = claims[namespace];
  const caches = isObject(own) && isObject(own.caches) ? own.caches : {};
  const odd = Object.values(caches).some(
    (letters) => !isObject(letters) || Object.values(letters).some((value) => value !== 0 && value !== 1),
  );
  const entry = Object.hasOwn(caches, cache)
    ? caches[cache]
    : Object.entries(caches).find(([pattern]) => pattern.includes('*') && matches(pattern, cache))?.[1];
  const granted = isObject(entry)
    ? letters.filter(([letter]) => entry[letter] === 1).map(([, right]) => right)
    : [];
  return {
    granted,
    problem: odd ? 'a right in it is neither 0 nor 1: Attic refuses the whole token' : undefined,
  };
}

/** `*` stands for any characters; nothing else is special. */
function matches(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop() ?? '';
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last))
    return false;
  const end = name.length - last.length;
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
