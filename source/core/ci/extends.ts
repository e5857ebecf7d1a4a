import { deepMerge } from './merge.ts';
import type { ConfigurationError, Entry, MappingNode, Node } from './model.ts';
import { get, textsOf } from './yaml/node.ts';

/** GitLab's `Extendable::Entry::MAX_NESTING_LEVELS`. */
const maxNesting = 10;

/**
 * Merges the bases of every `extends` under its entry; an entry with a broken `extends` stays as written. With `missing`,
 * a base that does not exist is told to it and left out, since an include that is not here may define it.
 */
export function resolveExtends(
  root: MappingNode,
  missing?: (text: string) => void,
): { root: MappingNode; errors: ConfigurationError[] } {
  const errors: ConfigurationError[] = [];
  const done = new Map<string, MappingNode>();

  const extend = (name: string, node: MappingNode, ancestors: readonly string[]): MappingNode => {
    const known = done.get(name);
    if (known) return known;
    const at = node.entries.get('extends')?.key ?? node.span;
    const refuse = (message: string): MappingNode => {
      errors.push({ message: `${name}: ${message}`, at });
      return node;
    };
    const bases = [...new Set(textsOf(get(node, 'extends')))];
    const unknown = bases.filter((base) => !root.entries.has(base));
    if (unknown.length > 0 && missing) missing(`${name} extends ${unknown.join(', ')}`);
    else if (unknown.length > 0) return refuse(`unknown keys in \`extends\` (${unknown.join(', ')})`);
    const invalid = bases.filter((base) => root.entries.has(base) && get(root, base)?.kind !== 'mapping');
    if (invalid.length > 0) return refuse(`invalid base hashes in \`extends\` (${invalid.join(', ')})`);
    if (ancestors.length > maxNesting) return refuse('nesting too deep in `extends`');
    if (ancestors.includes(name)) return refuse('circular dependency detected in `extends`');
    let merged: MappingNode = { ...node, entries: new Map() };
    for (const base of bases) {
      const parent = get(root, base);
      if (parent?.kind !== 'mapping') continue;
      merged = deepMerge(merged, isExtensible(parent) ? extend(base, parent, [...ancestors, name]) : parent);
    }
    const result = { ...deepMerge(merged, node), span: node.span };
    done.set(name, result);
    return result;
  };

  const entries = new Map<string, Entry>();
  for (const [name, entry] of root.entries) {
    const value = isExtensible(entry.value) ? extend(name, entry.value, []) : entry.value;
    entries.set(name, { ...entry, value });
  }
  return { root: { ...root, entries }, errors: firstOfEach(errors) };
}

function isExtensible(node: Node): node is MappingNode {
  return node.kind === 'mapping' && node.entries.has('extends');
}

function firstOfEach(errors: readonly ConfigurationError[]): ConfigurationError[] {
  return [...new Map(errors.map((error) => [error.message, error])).values()];
}
