import type { AtticState } from '../../core/caches/model.ts';
import { partValue } from '../../core/datum.ts';
import { Failure } from '../../core/failure.ts';
import { readAtticToken } from '../../core/nix/atticToken.ts';
import type { Secret } from '../../core/secret.ts';
import { withRetries } from '../http/retry.ts';
import type { HttpRequest, Transport } from '../http/types.ts';
import { asPart } from '../part.ts';
import { atticAddress } from './address.ts';
import { type AtticAnswer, accepted } from './ask.ts';
import { atticNotes } from './notes.ts';
import { hashOf, isRefusal, readConfig, readGranted, readInfo, readNarinfo } from './parts.ts';
import type { Attic } from './types.ts';

export interface AtticOptions {
  /** Of the cache, or of the server when `cache` is given. */
  readonly url: string;
  readonly cache?: string;
  readonly token?: Secret;
  readonly transport: Transport;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds for each request; 10 s when absent. */
  readonly timeout?: number;
}

/** Well formed, and of no path that anybody has. */
const nobodysHash = '0'.repeat(32);

/** Reads one cache of an Attic server. Throws `NeedsUser` when the address names none. */
export function connectAttic(options: AtticOptions): Attic {
  const { transport, token: secret, now, timeout = 10_000 } = options;
  const address = atticAddress(options.url, options.cache);
  const { root, cache, url } = address;

  return {
    url,
    withToken: (token) => connectAttic({ ...options, token }),
    async look({ storePath, key }, signal) {
      const token = secret && readAtticToken(secret.reveal(), cache, now());
      const ask = (path: string, body?: string): Promise<AtticAnswer> => {
        const request: HttpRequest = {
          method: body === undefined ? 'GET' : 'POST',
          url: `${root}${path}`,
          headers: {
            ...(secret ? { authorization: `Bearer ${secret.reveal().trim()}` } : {}),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body }),
          ...(signal ? { signal } : {}),
          timeout,
          maxBytes: 1024 * 1024,
        };
        const tried = `${request.method} ${request.url}`;
        return withRetries(async () => accepted(await transport.read(request), { tried, request, token }), {
          signal,
          random: Math.random,
        });
      };

      const infoPath = `${cache}/nix-cache-info`;
      const asked = ask(infoPath);
      const looking = {
        asked: asPart(asked, `GET ${root}${infoPath}`),
        info: asPart(
          asked.then((answer) => readInfo(answer, `GET ${root}${infoPath}`)),
          'read nix-cache-info',
        ),
        config: asPart(lookAtConfig(ask, root, cache), 'read the configuration of the cache'),
        push: secret ? asPart(probePush(ask, root, cache), 'probe the right to push') : undefined,
      };
      const narinfo =
        storePath === undefined
          ? undefined
          : asPart(
              lookAtNarinfo(ask, { root, cache, storePath, key, config: looking.config }),
              'read a narinfo',
            );
      const [first, info, config, push, signature] = await Promise.all([
        looking.asked,
        looking.info,
        looking.config,
        looking.push,
        narinfo,
      ]);
      const answer = 'value' in first ? first.value : undefined;
      const state = {
        url,
        cache,
        info,
        config,
        ...(answer ? { latency: answer.latency } : {}),
        ...(token ? { token } : {}),
        ...(push ? { push } : {}),
        ...(signature ? { narinfo: signature } : {}),
      };
      const notes = atticNotes(state, address, answer?.url);
      return notes.length === 0 ? state : { ...state, notes };
    },
  };
}

type Ask = (path: string, body?: string) => Promise<AtticAnswer>;

async function lookAtConfig(ask: Ask, root: string, cache: string) {
  const path = `_api/v1/cache-config/${cache}`;
  return readConfig(await ask(path), `GET ${root}${path}`);
}

/** Asking which paths are missing needs the right to push and changes nothing. */
async function probePush(ask: Ask, root: string, cache: string): Promise<'granted' | 'refused'> {
  const path = '_api/v1/get-missing-paths';
  try {
    const answer = await ask(path, JSON.stringify({ cache, store_path_hashes: [nobodysHash] }));
    return readGranted(answer, `POST ${root}${path}`);
  } catch (thrown) {
    if (thrown instanceof Failure && isRefusal(thrown)) return 'refused';
    throw thrown;
  }
}

interface NarinfoQuery {
  readonly root: string;
  readonly cache: string;
  readonly storePath: string;
  readonly key: string | undefined;
  readonly config: Promise<AtticState['config']>;
}

async function lookAtNarinfo(ask: Ask, { root, cache, storePath, key, config }: NarinfoQuery) {
  const path = `${cache}/${hashOf(storePath)}.narinfo`;
  const answer = await ask(path);
  const written = key ?? partValue(await config)?.publicKey;
  return readNarinfo(answer, storePath, written, `GET ${root}${path}`);
}
