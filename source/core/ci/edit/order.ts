import type { Pair, YAMLMap } from 'yaml';
import { pairOf } from './source.ts';

/** Behind which keywords a new one reads best, the nearest first; a keyword that is not named goes to the end. */
const behind: Readonly<Record<string, readonly string[]>> = {
  stage: ['extends'],
  image: ['tags', 'needs', 'stage', 'extends'],
  services: ['image', 'tags', 'needs', 'stage', 'extends'],
  tags: ['image', 'stage', 'extends'],
  needs: ['stage', 'extends'],
  variables: ['services', 'image', 'tags', 'needs', 'stage', 'extends'],
  cache: ['variables', 'services', 'image', 'tags', 'needs', 'stage', 'extends'],
};

/** Before which keywords, where it has no place of its own. */
const ahead: Readonly<Record<string, readonly string[]>> = {
  before_script: ['script'],
  key: ['files', 'prefix', 'paths'],
  fallback_keys: ['paths'],
  cache: ['before_script', 'script'],
  variables: ['before_script', 'script'],
  expire_in: [],
};

/** The pair next to which a new key is written: before one, or after one. */
export function neighbourOf(map: YAMLMap, key: string): { readonly before?: Pair; readonly after?: Pair } {
  const after = found(map, behind[key]);
  if (after) return { after };
  const before = found(map, ahead[key]);
  if (before) return { before };
  const last = map.items.at(-1);
  return last ? { after: last } : {};
}

function found(map: YAMLMap, keys: readonly string[] = []): Pair | undefined {
  for (const key of keys) {
    const pair = pairOf(map, key);
    if (pair) return pair;
  }
  return undefined;
}
