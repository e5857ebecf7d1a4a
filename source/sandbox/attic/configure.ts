import { type Answer, AnswerError } from '../http/answer.ts';
import { cacheFor, requireRight } from './access.ts';
import { done, errors } from './answer.ts';
import { type Reader, readStrings } from './body.ts';
import { type AtticState, type Cache, createCache, type Retention } from './caches.ts';
import { generateKeypair, type Keypair, parseKeypair } from './keypair.ts';
import { type Grants, rightsOn } from './token.ts';

/** POST: a new cache. Who may create it is a matter of its name alone. */
export function create(state: AtticState, grants: Grants, name: string, reader: Reader): Answer {
  const keypair = readKeypair(reader, reader.required('keypair'), name);
  const settings = {
    keypair,
    isPublic: reader.required('is_public') === true,
    storeDir: String(reader.required('store_dir')),
    priority: Number(reader.required('priority')),
    upstreamKeyNames: readStrings(reader, 'upstream_cache_key_names'),
  };
  requireRight(rightsOn(grants, name), 'cc');
  if (state.caches.has(name)) throw new AnswerError(errors.cacheExists);
  createCache(state, name, settings);
  return done;
}

/** PATCH: the fields that are given, and no others. */
export function configure(state: AtticState, grants: Grants, name: string, reader: Reader): Answer {
  const change = readChange(reader, name);
  const cache = cacheFor(state, grants, name, 'cr');
  if (change.retention !== undefined) requireRight(rightsOn(grants, name), 'cq');
  if (typeof change.retention === 'object' && change.retention.Period > 0x7fffffff)
    throw new AnswerError(errors.request('Invalid retention period'));
  if (Object.keys(change).length === 0)
    throw new AnswerError(errors.request('No modifiable fields were set.'));
  Object.assign(cache, change);
  return done;
}

/** DELETE: the cache and its paths. */
export function destroy(state: AtticState, grants: Grants, name: string): Answer {
  cacheFor(state, grants, name, 'cd');
  state.caches.delete(name);
  return done;
}

function readChange(reader: Reader, name: string): Partial<Cache> {
  const { keypair, is_public, store_dir, priority, upstream_cache_key_names, retention_period } =
    reader.fields;
  return {
    ...(keypair !== undefined && { keypair: readKeypair(reader, keypair, name) }),
    ...(typeof is_public === 'boolean' && { isPublic: is_public }),
    ...(typeof store_dir === 'string' && { storeDir: store_dir }),
    ...(typeof priority === 'number' && { priority }),
    ...(upstream_cache_key_names !== undefined && {
      upstreamKeyNames: readStrings(reader, 'upstream_cache_key_names'),
    }),
    ...(retention_period !== undefined && { retention: readRetention(reader, retention_period) }),
  };
}

function readRetention(reader: Reader, value: unknown): Retention {
  if (value === 'Global') return value;
  if (typeof value === 'object' && value !== null && 'Period' in value) {
    const { Period } = value;
    if (typeof Period === 'number' && Number.isInteger(Period) && Period >= 0 && Period <= 0xffffffff)
      return { Period };
    const reason = `invalid value: integer \`${Period}\`, expected u32`;
    return reader.fail('retention_period.Period', Period, reason);
  }
  return reader.fail('retention_period', value, 'unknown variant, expected `Global` or `Period`');
}

function readKeypair(reader: Reader, value: unknown, name: string): Keypair {
  if (value === 'Generate') return generateKeypair(name);
  const text = typeof value === 'object' && value !== null && 'Keypair' in value ? value.Keypair : undefined;
  if (typeof text !== 'string')
    return reader.fail('keypair', value, 'unknown variant, expected `Generate` or `Keypair`');
  const parsed = parseKeypair(text);
  return 'fault' in parsed ? reader.fail('keypair.Keypair', text, parsed.fault, true) : parsed;
}
