import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { maskBlocks } from '../yaml/mask.ts';
import { parseYaml } from '../yaml/parse.ts';

/** The top level of a file, the last document of it; undefined when it is no mapping or cannot be read. */
export function topLevel(text: string): YAMLMap | undefined {
  const { documents, errors } = parseYaml(maskBlocks(text).text);
  const contents = errors.length > 0 ? undefined : documents.at(-1)?.contents;
  return isMap(contents) ? contents : undefined;
}

/** The last pair with the key, which is the one that counts. */
export function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.findLast((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

/** Where a node of YAML begins and ends in its text, in UTF-16 units; without its anchor, tag and trailing comment. */
export function rangeOf(node: unknown): readonly [number, number] {
  if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) return [0, 0];
  const [start, end] = node.range ?? [0, 0, 0];
  return [start, end];
}

export function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

/** Where a pair's last character stands, plus one: white space and comments behind it left out. */
export function endOfPair(text: string, { key, value }: Pair): number {
  const [, end] = rangeOf(isNode(value) && rangeOf(value)[1] > 0 ? value : key);
  let last = end;
  while (last > 0 && /\s/.test(text[last - 1] ?? '')) last -= 1;
  return Math.max(last, rangeOf(key)[1]);
}

/** Where the line that holds an offset ends: at its line end, which is not part of it. */
export function endOfLine(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  const end = at < 0 ? text.length : at;
  return text[end - 1] === '\r' && end > offset ? end - 1 : end;
}

/** Where the line that holds an offset begins. */
export function startOfLine(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** How a file ends its lines. */
export function lineEndOf(text: string): '\n' | '\r\n' {
  return /\r\n/.test(text) && !/(?<!\r)\n/.test(text) ? '\r\n' : '\n';
}
