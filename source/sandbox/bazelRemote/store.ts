import { createHash } from 'node:crypto';
import { blobsOf } from './actionResult.ts';

export type Kind = 'ac' | 'cas';

const block = 4096;
const emptyBlob = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** What a request for an entry was, for the counters. */
export type Lookup = `${Kind}/${'get' | 'contains'}/${'hit' | 'miss'}`;

/** The cache, in memory: content by its hash, results of actions by the hash of the action. */
export interface Store {
  /** Counts the lookup. An action result whose blobs are not all there is a miss. */
  get(kind: Kind, hash: string): Uint8Array | undefined;
  has(kind: Kind, hash: string): boolean;
  /** Stores without a look at the hash. */
  put(kind: Kind, hash: string, bytes: Uint8Array): void;
  readonly lookups: ReadonlyMap<Lookup, number>;
  files(): number;
  /** Bytes, in whole blocks. */
  used(): number;
  /** Bytes of the entries themselves. */
  uncompressed(): number;
}

export function createStore(): Store {
  const entries: Record<Kind, Map<string, Uint8Array>> = { ac: new Map(), cas: new Map() };
  const lookups = new Map<Lookup, number>();
  let used = 0;
  let uncompressed = 0;
  const account = (bytes: Uint8Array, sign: 1 | -1): void => {
    used += sign * Math.max(block, Math.ceil(bytes.length / block) * block);
    uncompressed += sign * bytes.length;
  };
  const find = (kind: Kind, hash: string): Uint8Array | undefined => {
    if (kind === 'cas') return entries.cas.get(hash) ?? (hash === emptyBlob ? new Uint8Array() : undefined);
    const result = entries.ac.get(hash);
    const complete = result && blobsOf(result).every((blob) => find('cas', blob) !== undefined);
    return complete ? result : undefined;
  };
  const looked = (kind: Kind, how: 'get' | 'contains', hash: string): Uint8Array | undefined => {
    const found = find(kind, hash);
    const name: Lookup = `${kind}/${how}/${found ? 'hit' : 'miss'}`;
    lookups.set(name, (lookups.get(name) ?? 0) + 1);
    return found;
  };
  return {
    lookups,
    get: (kind, hash) => looked(kind, 'get', hash),
    has: (kind, hash) => looked(kind, 'contains', hash) !== undefined,
    put(kind, hash, bytes) {
      const old = entries[kind].get(hash);
      if (old) account(old, -1);
      entries[kind].set(hash, bytes);
      account(bytes, 1);
    },
    files: () => entries.ac.size + entries.cas.size,
    used: () => used,
    uncompressed: () => uncompressed,
  };
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
