import { type Answer, AnswerError, type Request } from '../http/answer.ts';
import { createRouter, type Route } from '../http/router.ts';
import { cacheFor, grantsOf } from './access.ts';
import { errors, okJson, rejection } from './answer.ts';
import { isCacheName, readBody, readCacheName, readStrings } from './body.ts';
import type { AtticState, Cache } from './caches.ts';
import { configure, create, destroy } from './configure.ts';
import { narinfoOf, type StoreObject } from './narinfo.ts';
import { landingPage } from './page.ts';
import { storeHashFault } from './storePath.ts';
import type { Grants } from './token.ts';
import { upload } from './upload.ts';

export interface AtticContext {
  readonly state: AtticState;
  readonly secret: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Only these values of Host are answered, letter for letter; all when empty. */
  readonly allowedHosts: readonly string[];
  /** With a trailing slash; made from Host when absent. */
  readonly apiEndpoint?: string;
}

interface Call extends AtticContext {
  readonly grants: Grants;
}

const routes: readonly Route<Call>[] = [
  { method: 'GET', pattern: '/', handle: () => landingPage },
  { method: 'GET', pattern: '/:cache/nix-cache-info', handle: cacheInfo },
  { method: 'GET', pattern: '/:cache/attic-cache-info', handle: cacheConfig },
  { method: 'GET', pattern: '/_api/v1/cache-config/:cache', handle: cacheConfig },
  {
    method: 'POST',
    pattern: '/_api/v1/cache-config/:cache',
    handle: (request, { state, grants }) => create(state, grants, cacheName(request), readBody(request)),
  },
  {
    method: 'PATCH',
    pattern: '/_api/v1/cache-config/:cache',
    handle: (request, { state, grants }) => configure(state, grants, cacheName(request), readBody(request)),
  },
  {
    method: 'DELETE',
    pattern: '/_api/v1/cache-config/:cache',
    handle: (request, { state, grants }) => destroy(state, grants, cacheName(request)),
  },
  { method: 'POST', pattern: '/_api/v1/get-missing-paths', handle: missingPaths },
  {
    method: 'PUT',
    pattern: '/_api/v1/upload-path',
    handle: (request, { state, grants }) => upload(state, grants, request),
  },
  { method: 'GET', pattern: '/:cache/nar/:file', handle: nar },
  { method: 'GET', pattern: '/:cache/:file', handle: narinfo },
];

const router = createRouter(routes);

/** Answers a request as atticd does. */
export function answerAttic(request: Request, context: AtticContext): Answer | Promise<Answer> {
  const { host } = request.headers;
  if (context.allowedHosts.length > 0 && !context.allowedHosts.includes(host ?? ''))
    return errors.request('Bad Host');
  const match = router.match(request.method, request.path);
  if ('otherMethods' in match) {
    if (match.otherMethods.length === 0) return errors.notFound;
    const allow = match.otherMethods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    return { status: 405, headers: { allow: allow.join(',') }, body: '' };
  }
  const grants = grantsOf(request, context.secret, context.now());
  return match.route.handle({ ...request, params: match.params }, { ...context, grants });
}

function cacheName({ params }: Request): string {
  const { cache } = params;
  if (!isCacheName(cache))
    throw new AnswerError(rejection(400, `Invalid URL: Invalid cache name ${JSON.stringify(cache)}`));
  return cache;
}

function visibility(cache: Cache): Record<string, string> {
  return cache.isPublic ? { 'x-attic-cache-visibility': 'public' } : {};
}

function cacheInfo(request: Request, { state, grants }: Call): Answer {
  const cache = cacheFor(state, grants, cacheName(request), 'r');
  return {
    status: 200,
    headers: { 'content-type': 'text/x-nix-cache-info', ...visibility(cache) },
    body: `WantMassQuery: 1\nStoreDir: ${cache.storeDir}\nPriority: ${cache.priority}\n`,
  };
}

function cacheConfig(request: Request, { state, grants, apiEndpoint }: Call): Answer {
  const cache = cacheFor(state, grants, cacheName(request), 'r');
  const scheme = request.headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  const endpoint = apiEndpoint ?? `${scheme}://${request.headers.host ?? ''}/`;
  return okJson({
    substituter_endpoint: `${endpoint}${cache.name}`,
    api_endpoint: endpoint,
    public_key: cache.keypair.publicKey,
    is_public: cache.isPublic,
    store_dir: cache.storeDir,
    priority: cache.priority,
    upstream_cache_key_names: cache.upstreamKeyNames,
    retention_period: cache.retention,
  });
}

function missingPaths(request: Request, { state, grants }: Call): Answer {
  const reader = readBody(request);
  const name = readCacheName(reader);
  const hashes = new Set(readStrings(reader, 'store_path_hashes', true));
  const cache = cacheFor(state, grants, name, 'w');
  return okJson({ missing_paths: [...hashes].filter((hash) => !cache.objects.has(hash)) });
}

/** The path is looked for before the right to see it is. */
function find(
  request: Request,
  { state, grants }: Call,
  suffix: string,
): { cache: Cache; object: StoreObject } {
  const name = cacheName(request);
  const { file = '' } = request.params;
  if (!file.endsWith(suffix)) throw new AnswerError(errors.notFound);
  const hash = file.slice(0, -suffix.length);
  if (storeHashFault(hash)) throw new AnswerError(errors.badHash);
  const object = state.caches.get(name)?.objects.get(hash);
  if (!object) throw new AnswerError(errors.noSuchObject);
  return { cache: cacheFor(state, grants, name, 'r'), object };
}

function narinfo(request: Request, call: Call): Answer {
  const { cache, object } = find(request, call, '.narinfo');
  return {
    status: 200,
    headers: { 'content-type': 'text/x-nix-narinfo', ...visibility(cache) },
    body: narinfoOf(object, cache.storeDir, cache.keypair),
  };
}

function nar(request: Request, call: Call): Answer {
  const { cache, object } = find(request, call, '.nar');
  const bytes = call.state.nars.get(object.narHash) ?? new Uint8Array();
  return {
    status: 200,
    headers: { 'content-type': 'application/x-nix-nar', ...visibility(cache) },
    body: pieces(bytes),
  };
}

/** NARs are sent in pieces, without a length, however small. */
async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 65_536) yield bytes.subarray(from, from + 65_536);
}
