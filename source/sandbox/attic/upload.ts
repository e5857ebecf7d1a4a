import zlib from 'node:zlib';
import { type Answer, AnswerError, type Request } from '../http/answer.ts';
import { cacheFor } from './access.ts';
import { errors, okJson } from './answer.ts';
import { readCacheName, readObject, readStrings } from './body.ts';
import { type AtticState, type Cache, sha256 } from './caches.ts';
import type { StoreObject } from './narinfo.ts';
import type { Grants } from './token.ts';

/** NARs of this size and more are cut into chunks. Bytes. */
const chunkingThreshold = 65_536;

/** Attic's default; brotli, which it also knows, where this Node has no zstd. */
const canZstd = typeof zlib.zstdCompressSync === 'function';
export const compression = canZstd ? 'zstd' : 'br';

function compress(nar: Uint8Array): Uint8Array {
  return canZstd ? zlib.zstdCompressSync(nar) : zlib.brotliCompressSync(nar);
}

export interface Uploaded {
  readonly kind: 'Uploaded' | 'Deduplicated';
  readonly fileSize: number;
}

/** Adds a path to a cache. A NAR that any cache has is not stored again. */
export function addPath(state: AtticState, cache: Cache, object: StoreObject, nar: Uint8Array): Uploaded {
  const known = state.nars.get(object.narHash);
  const stored = known ?? compress(nar);
  state.nars.set(object.narHash, stored);
  cache.objects.set(object.hash, object);
  return { kind: known ? 'Deduplicated' : 'Uploaded', fileSize: stored.length };
}

/** PUT upload-path: what the uploader says of the path is believed, but for the hash and size of the NAR. */
export function upload(state: AtticState, grants: Grants, request: Request): Answer {
  const { info, nar } = split(request);
  const reader = readObject(info, (reason) => {
    throw new AnswerError(errors.request(reason));
  });
  const name = readCacheName(reader);
  const narHash = String(reader.required('nar_hash'));
  const fault = hashFault(narHash);
  if (fault) reader.fail('', narHash, `Hashing error: ${fault}`);
  const { deriver, ca } = reader.fields;
  const object: StoreObject = {
    hash: String(reader.required('store_path_hash')),
    storePath: String(reader.required('store_path')),
    narHash: narHash.slice('sha256:'.length),
    narSize: Number(reader.required('nar_size')),
    compression,
    references: readStrings(reader, 'references'),
    ...(typeof deriver === 'string' && { deriver }),
    ...(typeof ca === 'string' && { ca }),
  };
  const cache = cacheFor(state, grants, name, 'w');
  if (sha256(nar) !== object.narHash || nar.length !== object.narSize)
    throw new AnswerError(errors.request('Bad chunk hash or size'));
  const { kind, fileSize } = addPath(state, cache, object, nar);
  if (kind === 'Deduplicated') return okJson({ kind, frac_deduplicated: null });
  if (nar.length < chunkingThreshold) return okJson({ kind, file_size: fileSize, frac_deduplicated: null });
  const body = `{"kind":"Uploaded","file_size":${fileSize},"frac_deduplicated":0.0}`;
  return { ...okJson({}), body };
}

/** What describes the NAR stands in a header, or before it in the body. */
function split({ headers, body }: Request): { readonly info: string; readonly nar: Buffer } {
  const preamble = headers['x-attic-nar-info-preamble-size'];
  if (typeof preamble === 'string') {
    const size = Number(preamble);
    if (!Number.isSafeInteger(size) || size < 0)
      throw new AnswerError(errors.request('X-Attic-Nar-Info-Preamble-Size is invalid'));
    return { info: body.subarray(0, size).toString('utf8'), nar: body.subarray(size) };
  }
  const info = headers['x-attic-nar-info'];
  if (typeof info !== 'string') throw new AnswerError(errors.request('X-Attic-Nar-Info must be set'));
  return { info, nar: body };
}

function hashFault(text: string): string | undefined {
  if (!text.includes(':')) return 'The string lacks a colon separator.';
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return undefined;
  return text.startsWith('sha256:') ? 'Hash is of invalid length' : 'Hash algorithm is not supported.';
}
