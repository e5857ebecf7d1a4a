import { isAlias, isMap, isScalar, isSeq, type Pair, stringify, type YAMLMap } from 'yaml';
import { loadYaml } from '../yaml/load.ts';
import { type Plain, plain } from '../yaml/node.ts';
import { keepItems } from './items.ts';
import { neighbourOf } from './order.ts';
import { endOfLine, endOfPair, isNode, lineEndOf, pairOf, rangeOf, startOfLine, topLevel } from './source.ts';

/** The text with a keyword of a job written; undefined when the file does not define the job as a mapping of its own. */
export function writeKeyword(
  text: string,
  job: string,
  path: readonly string[],
  yaml: string,
): string | undefined {
  const pair = pairIn(text, job);
  return pair && writeInto({ text, pair, path, yaml });
}

/** The text without a keyword of a job and without its line; undefined when the job does not write it itself. */
export function removeKeyword(text: string, job: string, path: readonly string[]): string | undefined {
  let pair = pairIn(text, job);
  let map: YAMLMap | undefined;
  for (const key of path) {
    map = isMap(pair?.value) ? pair.value : undefined;
    pair = map && pairOf(map, key);
  }
  if (!pair || !map) return undefined;
  return map.flow ? removeFromFlow(text, map, pair) : removeLines(text, pair);
}

/** Whether a file defines the job, by itself and as a mapping. */
export function defines(text: string, job: string): boolean {
  return isMap(pairIn(text, job)?.value);
}

/** The value that some YAML stands for; undefined when it cannot be read. */
export function meaningOf(yaml: string): Plain | undefined {
  const { documents, errors } = loadYaml('', yaml);
  return errors.length === 0 && documents[0] ? plain(documents[0]) : undefined;
}

function pairIn(text: string, job: string): Pair | undefined {
  const top = topLevel(text);
  return top && pairOf(top, job);
}

interface Writing {
  readonly text: string;
  /** Whose value holds, or is to hold, the rest of the path. */
  readonly pair: Pair;
  readonly path: readonly string[];
  readonly yaml: string;
}

function writeInto({ text, pair, path, yaml }: Writing): string | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return replaceValue(text, pair, yaml);
  const { value } = pair;
  if (isMap(value)) {
    const inner = pairOf(value, key);
    return inner ? writeInto({ text, pair: inner, path: rest, yaml }) : insert(text, value, path, yaml);
  }
  if (isAlias(value)) return replaceValue(text, pair, `<<: *${value.source}\n${nested(path, yaml)}`);
  const isEmpty = isScalar(value) ? String(value.value ?? '') === '' || value.value === 'null' : !value;
  return isEmpty ? replaceValue(text, pair, nested(path, yaml)) : undefined;
}

/** `key:` lines down the path, and the value under them. */
function nested(path: readonly string[], yaml: string): string {
  return path.reduceRight((inner, key, index) => {
    const isValue = index === path.length - 1;
    return isValue ? keyed(key, inner) : `${key}:\n${indented(inner, 2)}`;
  }, yaml);
}

function keyed(key: string, yaml: string): string {
  if (!isCollection(yaml)) return `${key}: ${yaml}`;
  return `${key}:\n${indented(yaml, 2)}`;
}

/** Whether a value must stand on lines of its own, under its key. */
function isCollection(yaml: string): boolean {
  return /^(?:- |-$|[^\s"'[{|>#&*!][^\n]*:(?:\s|$)|<<:)/.test(yaml);
}

function indented(text: string, by: number): string {
  return text.replace(/^(?=[^\n])/gm, ' '.repeat(by));
}

/** Undefined for a value that other places of the file stand for, by its anchor. */
function replaceValue(text: string, pair: Pair, yaml: string): string | undefined {
  if (isNode(pair.value) && !isAlias(pair.value) && isUsed(text, pair.value.anchor)) return undefined;
  const [keyStart, keyEnd] = rangeOf(pair.key);
  const column = keyStart - startOfLine(text, keyStart);
  if (isInFlow(text, pair)) return splice(text, valueRange(text, pair), ` ${asFlow(yaml)}`, keyEnd);
  if (isSeq(pair.value) && !pair.value.flow && !pair.value.anchor) {
    const kept = keepItems(text, pair.value, yaml);
    if (kept !== undefined) return kept;
  }
  const by = isSeq(pair.value) && !pair.value.flow ? columnOf(text, pair.value) : column + 2;
  const lines = isCollection(yaml) ? `\n${indented(yaml, by)}` : ` ${hanging(yaml, column)}`;
  const [start, end] = valueRange(text, pair);
  // A comment behind the old value stays behind the key: behind the last of several lines it would be a part of a block.
  const comment = lines.includes('\n') ? (/^[ \t]+#[^\r\n]*/.exec(text.slice(end))?.[0] ?? '') : '';
  return splice(text, [start, end + comment.length], lines.replace(/(?=\n)|$/, comment), keyEnd);
}

function isUsed(text: string, anchor: string | undefined): boolean {
  return anchor !== undefined && new RegExp(`\\*${anchor.replace(/[^\w]/g, '\\$&')}(?![\\w-])`).test(text);
}

/** A scalar over several lines (`|`, `>`): all but its first line are indented under the key. */
function hanging(yaml: string, column: number): string {
  const [first = '', ...rest] = yaml.split('\n');
  return [first, ...rest.map((line) => (line === '' ? '' : `${' '.repeat(column + 2)}${line}`))].join('\n');
}

function columnOf(text: string, node: unknown): number {
  const [start] = rangeOf(node);
  return start - startOfLine(text, start);
}

/** From behind the key's colon to the value's end. */
function valueRange(text: string, pair: Pair): readonly [number, number] {
  const [, keyEnd] = rangeOf(pair.key);
  const colon = text.indexOf(':', keyEnd) + 1;
  const [start, end] = rangeOf(pair.value);
  const isBare = !isNode(pair.value) || end <= colon || end === start;
  return [colon, isBare ? colon : Math.max(colon, endOfPair(text, pair))];
}

function splice(text: string, [start, end]: readonly [number, number], by: string, after: number): string {
  const from = Math.max(start, after);
  return `${text.slice(0, from)}${by.replaceAll('\n', lineEndOf(text))}${text.slice(end)}`;
}

function insert(text: string, map: YAMLMap, path: readonly string[], yaml: string): string {
  if (map.flow) return insertIntoFlow(text, map, path, yaml);
  const first = map.items[0];
  const column = first ? columnOf(text, first.key) : 0;
  const line = indented(nested(path, yaml), column);
  const { before, after } = neighbourOf(map, path[0] ?? '');
  const eol = lineEndOf(text);
  const lines = line.replaceAll('\n', eol);
  if (before) {
    const at = startOfLine(text, rangeOf(before.key)[0]);
    return `${text.slice(0, at)}${lines}${eol}${text.slice(at)}`;
  }
  const at = after ? endOfLine(text, endOfPair(text, after)) : rangeOf(map)[1];
  return `${text.slice(0, at)}${eol}${lines}${text.slice(at)}`;
}

function insertIntoFlow(text: string, map: YAMLMap, path: readonly string[], yaml: string): string {
  const last = map.items.at(-1);
  const value = path.slice(1).reduceRight((inner, key) => `{ ${key}: ${inner} }`, asFlow(yaml));
  const entry = `${path[0] ?? ''}: ${value}`;
  const at = last ? endOfPair(text, last) : rangeOf(map)[0] + 1;
  return `${text.slice(0, at)}${last ? ', ' : ' '}${entry}${last ? '' : ' '}${text.slice(at)}`;
}

/** Whether the pair stands within braces, where a value has to be written in one line. */
function isInFlow(text: string, { key }: Pair): boolean {
  const [start] = rangeOf(key);
  return /[{,]/.test(text.slice(startOfLine(text, start), start).trim().slice(-1));
}

function asFlow(yaml: string): string {
  if (!isCollection(yaml) && !yaml.includes('\n')) return yaml;
  return stringify(meaningOf(yaml), { collectionStyle: 'flow', lineWidth: 0 }).trim();
}

function removeLines(text: string, pair: Pair): string {
  const from = startOfLine(text, rangeOf(pair.key)[0]);
  const to = endOfLine(text, endOfPair(text, pair));
  const next = text.indexOf('\n', to);
  return `${text.slice(0, from)}${next < 0 ? '' : text.slice(next + 1)}`;
}

function removeFromFlow(text: string, map: YAMLMap, pair: Pair): string {
  const index = map.items.indexOf(pair);
  const [next, last] = [map.items[index + 1], map.items[index - 1]];
  const [start] = rangeOf(pair.key);
  if (next) return `${text.slice(0, start)}${text.slice(rangeOf(next.key)[0])}`;
  const from = last ? endOfPair(text, last) : start;
  return `${text.slice(0, from)}${text.slice(endOfPair(text, pair))}`;
}
