import type { AtticState } from '../../core/caches/model.ts';
import { partValue } from '../../core/datum.ts';
import { type PublicKey, parsePublicKey, showKey } from '../../core/nix/publicKey.ts';
import type { Attic } from '../../services/attic/types.ts';
import type { Preflight } from '../task.ts';

/** A key held against its cache. */
export interface Checked {
  readonly preflight: readonly Preflight[];
  /** Absent when it is no key. */
  readonly key?: PublicKey;
  /** The server gave its key, and it is this one. */
  readonly isServers: boolean;
  /** It verifies a signature of the cache. */
  readonly isProven: boolean;
}

/** Holds a key, wherever it is from, against the cache: what the server gives, and a real signature. */
export async function checkKey(
  { text, from }: { text: string; from: string },
  attic: Attic | undefined,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<Checked> {
  const parsed = parsePublicKey(text);
  if ('problem' in parsed) {
    const saw = `${showKey(text)} from ${from}: ${parsed.problem}`;
    const fix = 'Take the line that attic cache info shows as Public Key.';
    const line: Preflight = { id: 'key', title: 'Key', state: 'problem', saw, fix };
    return { preflight: [line], isServers: false, isProven: false };
  }
  const { key } = parsed;
  const found: Preflight = { id: 'key', title: 'Key', state: 'fine', saw: `${key.text} from ${from}` };
  if (!attic) {
    const saw = 'obtained, unproven: no cache is configured to check it with';
    const line: Preflight = { id: 'signature', title: 'Signature', state: 'warning', saw };
    return { preflight: [found, line], key, isServers: false, isProven: false };
  }
  const state = await lookWith(attic, key.text, paths, signal);
  const server = partValue(state.config)?.publicKey;
  return {
    preflight: [
      found,
      ...nameLines(key, state.cache),
      serverLine(key, server, state),
      signatureLine(state),
      ...pushLines(state),
    ],
    key,
    isServers: server === key.text,
    isProven: partValue(state.narinfo)?.verified === true,
  };
}

/** Looks with the first path that the cache has. */
export async function lookWith(
  attic: Attic,
  key: string,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<AtticState> {
  let state: AtticState | undefined;
  for (const storePath of paths) {
    state = await attic.look({ storePath, key }, signal);
    const isMissing =
      state.narinfo && 'failure' in state.narinfo && state.narinfo.failure.code === 'not-in-cache';
    if (!isMissing) return state;
  }
  return state ?? attic.look({ key }, signal);
}

function nameLines({ name }: PublicKey, cache: string): Preflight[] {
  if (name === cache) return [];
  const saw = `the key’s name is ${name}, the cache’s is ${cache}: signatures must bear the key’s name`;
  return [{ id: 'name', title: 'Name', state: 'warning', saw }];
}

function serverLine({ text }: PublicKey, server: string | undefined, { config }: AtticState): Preflight {
  const base = { id: 'server-key', title: 'Server' };
  if (server === text) return { ...base, state: 'fine', saw: 'it gives the same key' };
  if (server !== undefined) {
    const fix = 'Take the server’s: --option server. Or look who answers at its address.';
    return { ...base, state: 'problem', saw: `it gives another key: ${server}`, fix };
  }
  const saw = 'failure' in config ? config.failure.saw : 'it gives no key';
  return { ...base, state: 'unknown', saw: `its key could not be read: ${saw}` };
}

function signatureLine({ narinfo }: AtticState): Preflight {
  const base = { id: 'signature', title: 'Signature' };
  const fix = 'Push a path (attic push), or name one that is there: store-path=/nix/store/…';
  if (!narinfo)
    return { ...base, state: 'warning', saw: 'obtained, unproven: no path of the cache is known', fix };
  if ('failure' in narinfo) {
    const { code, saw } = narinfo.failure;
    const why = code === 'not-in-cache' ? 'the cache has none of the paths that are known here' : saw;
    return { ...base, state: 'warning', saw: `obtained, unproven: ${why}`, fix };
  }
  const { storePath, verified, because } = narinfo.value;
  if (verified)
    return { ...base, state: 'fine', saw: `${storePath} is signed by it${because ? ` (${because})` : ''}` };
  return {
    ...base,
    state: 'problem',
    saw: `${storePath}: ${because ?? 'not signed by it'}`,
    fix: 'Nix would trust nothing of the cache with this key: get it anew.',
  };
}

function pushLines({ push, token }: AtticState): Preflight[] {
  if (!push) return [];
  const base = { id: 'push', title: 'Push' };
  if ('failure' in push) return [{ ...base, state: 'unknown', saw: push.failure.saw }];
  if (push.value === 'granted') return [{ ...base, state: 'fine', saw: 'ATTIC_TOKEN may push' }];
  const why = token?.problem === undefined ? '' : `: ${token.problem}`;
  const fix = 'Make a token that may pull and push, and set ATTIC_TOKEN in GitLab.';
  return [{ ...base, state: 'warning', saw: `ATTIC_TOKEN may not push${why}`, fix }];
}
