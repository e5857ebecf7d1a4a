import type { ConfigurationError, Entry, MappingNode, Node, ReferenceNode } from './model.ts';
import { get, isNull } from './yaml/node.ts';

/**
 * Puts the value in the place of every `!reference`, after includes and extends, as GitLab's tag resolver does. With
 * `missing`, one that points nowhere is told to it and becomes null, since an include that is not here may define it.
 */
export function resolveReferences(
  root: MappingNode,
  missing?: (text: string) => void,
): { root: MappingNode; errors: ConfigurationError[] } {
  const errors: ConfigurationError[] = [];
  const resolved = new Map<Node, Node>();
  const open = new Set<ReferenceNode>();

  const follow = (reference: ReferenceNode): Node => {
    const title = `!reference ${JSON.stringify(reference.path).replaceAll(',', ', ')}`;
    if (open.has(reference)) throw new ReferenceFailure(`${title} is part of a circular chain`, reference);
    open.add(reference);
    let node: Node | undefined = root;
    for (const key of reference.path) {
      node = get(node?.kind === 'reference' ? follow(node) : node, key);
      if (!node && missing) {
        missing(title);
        open.delete(reference);
        return { kind: 'scalar', value: null, span: reference.span };
      }
      if (!node) throw new ReferenceFailure(`${title} could not be found`, reference);
    }
    const value = resolve(node);
    open.delete(reference);
    return value;
  };

  const resolve = (node: Node): Node => {
    if (node.kind === 'scalar') return node;
    const known = resolved.get(node);
    if (known) return known;
    const value = node.kind === 'reference' ? follow(node) : inside(node);
    resolved.set(node, value);
    return value;
  };

  const inside = (node: Exclude<Node, { kind: 'scalar' | 'reference' }>): Node => {
    if (node.kind === 'sequence') {
      const items = node.items
        .map(resolve)
        .filter((item, index) => node.items[index]?.kind !== 'reference' || !isNull(item));
      return items.length === node.items.length && items.every((item, index) => item === node.items[index])
        ? node
        : { ...node, items };
    }
    const entries = new Map<string, Entry>();
    let changed = false;
    for (const [key, entry] of node.entries) {
      const value = resolve(entry.value);
      changed ||= value !== entry.value;
      entries.set(key, { ...entry, value });
    }
    return changed ? { ...node, entries } : node;
  };

  const entries = new Map<string, Entry>();
  for (const [key, entry] of root.entries) {
    try {
      entries.set(key, { ...entry, value: resolve(entry.value) });
    } catch (thrown) {
      if (!(thrown instanceof ReferenceFailure)) throw thrown;
      open.clear();
      errors.push({ message: thrown.message, at: thrown.reference.span });
    }
  }
  return { root: { ...root, entries }, errors };
}

class ReferenceFailure extends Error {
  readonly reference: ReferenceNode;
  constructor(message: string, reference: ReferenceNode) {
    super(message);
    this.reference = reference;
  }
}
