import { randomBytes } from 'node:crypto';
import { startHttpServer } from '../http/server.ts';
import type { WorldClock } from '../types.ts';
import { createCache, emptyState } from './caches.ts';
import { answerAttic } from './routes.ts';
import { seedCaches } from './seed.ts';
import { makeToken, rightNames, type TokenRequest } from './token.ts';

export interface AtticOptions {
  readonly clock?: Pick<WorldClock, 'now'>;
  /** A free one when absent. */
  readonly port?: number;
  readonly allowedHosts?: readonly string[];
  /** With a trailing slash; made from the request's Host when absent. */
  readonly apiEndpoint?: string;
  /** Starts without store paths. */
  readonly isEmpty?: boolean;
}

export interface AtticServer {
  /** Without a trailing slash or cache. */
  readonly url: string;
  readonly port: number;
  /** The public cache: `main`. Beside it stands `private`, with the same paths. */
  readonly cache: string;
  /** Of the public cache, now: it changes when the keypair is generated anew. */
  publicKey(): string;
  /** May pull from and push to both caches; good for two years. */
  readonly token: string;
  /** All rights on all caches. */
  readonly rootToken: string;
  /** Store paths in both caches; the last refers to the others. */
  readonly storePaths: readonly string[];
  makeToken(request: TokenRequest): string;
  stop(): Promise<void>;
}

const twoYears = 2 * 365 * 24 * 3600;

/** Starts an Attic server in memory with a public cache `main` and a private one, each with a keypair of its own. */
export async function startAttic(options: AtticOptions = {}): Promise<AtticServer> {
  const now = options.clock?.now ?? Date.now;
  const secret = randomBytes(64);
  const state = emptyState();
  const main = createCache(state, 'main', { isPublic: true });
  const hidden = createCache(state, 'private', { isPublic: false });
  const storePaths = options.isEmpty ? [] : seedCaches(state, [main, hidden]);
  const { allowedHosts = [], apiEndpoint } = options;
  const context = { state, secret, now, allowedHosts, ...(apiEndpoint !== undefined && { apiEndpoint }) };
  const server = await startHttpServer({
    ...(options.port !== undefined && { port: options.port }),
    handle: (request) => answerAttic(request, context),
    headers: () => ({ date: new Date(now()).toUTCString() }),
  });
  const seconds = Math.floor(now() / 1000);
  const times = { notBefore: seconds, expiresAt: seconds + twoYears };
  return {
    url: server.url,
    port: server.port,
    cache: main.name,
    publicKey: () => state.caches.get('main')?.keypair.publicKey ?? '',
    token: makeToken(secret, { subject: 'ci', caches: { main: ['r', 'w'], private: ['r', 'w'] }, ...times }),
    rootToken: makeToken(secret, { subject: 'root', caches: { '*': rightNames }, ...times }),
    storePaths,
    makeToken: (request) => makeToken(secret, request),
    stop: server.stop,
  };
}
