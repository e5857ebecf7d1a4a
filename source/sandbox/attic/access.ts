import { AnswerError, type Request } from '../http/answer.ts';
import { errors } from './answer.ts';
import type { AtticState, Cache } from './caches.ts';
import { type Grants, type Right, readToken, rightsOn, tokenOfHeader } from './token.ts';

/** Who asks: the grants of the token. A bad or expired one is dropped in silence, and the request is anonymous. */
export function grantsOf(request: Request, secret: Uint8Array, now: number): Grants {
  const token = tokenOfHeader(request.headers.authorization);
  return (token === undefined ? undefined : readToken(secret, token, now)) ?? [];
}

/** The cache, for one who has `right` on it; throws 401 to those who may not even know of it, else 404 or 403. */
export function cacheFor(state: AtticState, grants: Grants, name: string, right: Right): Cache {
  const rights = rightsOn(grants, name);
  const cache = state.caches.get(name);
  if (!cache) throw new AnswerError(rights.size > 0 ? errors.noSuchCache : errors.unauthorized);
  requireRight(cache.isPublic ? new Set([...rights, 'r']) : rights, right);
  return cache;
}

export function requireRight(rights: ReadonlySet<string>, right: Right): void {
  if (!rights.has(right)) throw new AnswerError(rights.size > 0 ? errors.access : errors.unauthorized);
}
