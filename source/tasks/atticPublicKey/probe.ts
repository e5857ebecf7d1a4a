import { ownKeys } from '../../core/caches/attic.ts';
import { likeCache } from '../probe.ts';
import { type Known, type Probe, unread } from '../task.ts';

/** Where the cache stands, once a key of its own is in force. */
export function probe(known: Known): Probe {
  const { facts } = known;
  if (!facts) return unread;
  const cache = likeCache(known, 'cache/attic');
  return ownKeys(facts.nix).length > 0 ? cache : { ...cache, rung: 'absent' };
}
