import type { MappingNode, Node, Place } from '../model.ts';

export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/** The value under a key; undefined when the node is no mapping or has no such key. */
export function get(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'mapping' ? node.entries.get(key)?.value : undefined;
}

export function isNull(node: Node | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && node.value === null);
}

/** The text of a scalar that is a string. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** A scalar as Ruby's `to_s` writes it; undefined for null and collections. */
export function scalarText(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
}

/** The strings of a sequence, nested sequences flattened, or the one string that stands for it; others are left out. */
export function textsOf(node: Node | undefined): string[] {
  if (node?.kind === 'sequence') return node.items.flatMap(textsOf);
  const text = scalarText(node);
  return text === undefined ? [] : [text];
}

/** Items of a sequence with nested sequences flattened; a single node stands for itself. */
export function flatItems(node: Node | undefined): Node[] {
  if (node === undefined || isNull(node)) return [];
  return node.kind === 'sequence' ? node.items.flatMap(flatItems) : [node];
}

/** The node without positions, for messages and comparisons. */
export function plain(node: Node): Plain {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'sequence':
      return node.items.map(plain);
    case 'mapping':
      return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plain(value)]));
    case 'reference':
      return `!reference [${node.path.join(', ')}]`;
  }
}

/** A mapping without the keys. */
export function withoutKeys(node: MappingNode, ...keys: readonly string[]): MappingNode {
  return { ...node, entries: new Map([...node.entries].filter(([key]) => !keys.includes(key))) };
}

/** Where a line of a scalar's text, counted from 0, is in the file, as exactly as the scalar's style tells. */
export function placeOfLine(node: Node, index: number, indentation = 0): Place {
  const text = node.kind === 'scalar' ? node.text : undefined;
  const { file, line, column } = text ?? node.span;
  return text
    ? { file, line: line + index, column: column + Math.max(0, indentation) }
    : { file, line, column };
}
