import { isScalar, type YAMLSeq } from 'yaml';
import { loadYaml } from '../yaml/load.ts';
import { plain } from '../yaml/node.ts';
import { endOfLine, lineEndOf, rangeOf, startOfLine } from './source.ts';

/**
 * A list in block style with other items, where the ones that stay keep their lines and comments: items only taken away, or
 * only added. Undefined when the list changes in another way.
 */
export function keepItems(text: string, list: YAMLSeq, yaml: string): string | undefined {
  const wanted = itemsOf(yaml);
  const have = list.items.map((item) => sameText(text, item));
  if (wanted === undefined || wanted.length === 0 || have.includes(undefined)) return undefined;
  const names = wanted.map(({ value }) => value);
  const stay = have.filter((item) => item !== undefined && names.includes(item));
  const isInOrder = stay.every((item, index) => item === names.filter((name) => stay.includes(name))[index]);
  if (!isInOrder || stay.length === 0 || new Set(names).size !== names.length) return undefined;
  const added = wanted.filter(({ value }) => !stay.includes(value));
  const isAtEnd = added.every((item) => wanted.indexOf(item) >= wanted.length - added.length);
  if (!isAtEnd) return undefined;
  const [first] = rangeOf(list);
  const indent = text.slice(startOfLine(text, first), first);
  const eol = lineEndOf(text);
  let result = text;
  const last = list.items.at(-1);
  if (added.length > 0) {
    const at = endOfLine(text, lastOf(text, last));
    const lines = added.map(
      ({ lines }) =>
        `${eol}${indent}${lines.replace(/\n(?=([^\n]?))/g, (_, next) => `${eol}${next ? indent : ''}`)}`,
    );
    result = `${result.slice(0, at)}${lines.join('')}${result.slice(at)}`;
  }
  for (const [index, item] of [...list.items.entries()].toReversed()) {
    const value = have[index];
    if (value !== undefined && names.includes(value)) continue;
    const from = startOfLine(result, rangeOf(item)[0]);
    const to = result.indexOf('\n', lastOf(text, item) - 1);
    result = `${result.slice(0, from)}${to < 0 ? '' : result.slice(to + 1)}`;
  }
  return result;
}

interface Item {
  /** Canonical JSON. */
  readonly value: string;
  /** As it is written, with its dash. */
  readonly lines: string;
}

function itemsOf(yaml: string): Item[] | undefined {
  const { documents, errors } = loadYaml('', yaml);
  const [list] = documents;
  if (errors.length > 0 || list?.kind !== 'sequence' || !yaml.startsWith('-')) return undefined;
  const texts = yaml.split(/\n(?=-)/);
  if (texts.length !== list.items.length) return undefined;
  return list.items.map((item, index) => ({ value: JSON.stringify(plain(item)), lines: texts[index] ?? '' }));
}

/** The item as canonical JSON, where it is written here on lines of its own. */
function sameText(text: string, item: unknown): string | undefined {
  const [start, end] = rangeOf(item);
  if (end <= start || (isScalar(item) && item.anchor !== undefined)) return undefined;
  if (!/^\s*-\s+$/.test(text.slice(startOfLine(text, start), start))) return undefined;
  const column = start - startOfLine(text, start);
  const { documents, errors } = loadYaml('', `${' '.repeat(column)}${text.slice(start, end)}`);
  return errors.length > 0 || !documents[0] ? undefined : JSON.stringify(plain(documents[0]));
}

function lastOf(text: string, item: unknown): number {
  let [, end] = rangeOf(item);
  while (end > 0 && /\s/.test(text[end - 1] ?? '')) end -= 1;
  return end;
}
