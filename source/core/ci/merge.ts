import type { Entry, MappingNode, Node } from './model.ts';

/** Ruby's `deep_merge`: mappings are merged key by key, anything else is replaced by the later value. */
export function deepMerge(base: MappingNode, over: MappingNode): MappingNode {
  if (base.entries.size === 0) return over;
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of over.entries) {
    const before = entries.get(key);
    entries.set(key, before ? { ...entry, value: mergeValues(before.value, entry.value) } : entry);
  }
  return { ...over, entries };
}

function mergeValues(base: Node, over: Node): Node {
  return base.kind === 'mapping' && over.kind === 'mapping' ? deepMerge(base, over) : over;
}
