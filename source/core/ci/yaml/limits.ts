import type { Node } from '../model.ts';

/** GitLab's `max_yaml_depth` and `max_yaml_size_bytes` (defaults), aliases counted at each place they are used. */
const maxDepth = 100;
const maxBytes = 2 * 1024 * 1024;

/** Whether the expanded YAML is larger or deeper than GitLab reads, so that nested aliases cannot grow without bound. */
export function tooLarge(root: Node): boolean {
  const measured = new Map<Node, Measure>();
  const { bytes, depth } = measure(root, measured);
  return bytes > maxBytes || depth > maxDepth;
}

interface Measure {
  readonly bytes: number;
  readonly depth: number;
}

function measure(node: Node, measured: Map<Node, Measure>): Measure {
  const known = measured.get(node);
  if (known) return known;
  const children =
    node.kind === 'sequence'
      ? node.items
      : node.kind === 'mapping'
        ? [...node.entries.values()].map(({ value }) => value)
        : [];
  let bytes = own(node);
  let depth = 0;
  for (const child of children) {
    const inner = measure(child, measured);
    bytes += inner.bytes;
    depth = Math.max(depth, inner.depth);
  }
  const result = { bytes, depth: depth + 1 };
  measured.set(node, result);
  return result;
}

/** Roughly what Ruby's `ObjectSpace.memsize_of` says of the same value. */
function own(node: Node): number {
  if (node.kind === 'mapping') return 40 + 24 * node.entries.size;
  if (node.kind === 'sequence') return 40 + 8 * node.items.length;
  if (node.kind === 'reference') return 80;
  return typeof node.value === 'string' ? 40 + (node.value.length > 23 ? node.value.length : 0) : 8;
}
