import { loadYaml } from '../ci/yaml/load.ts';
import { type Change, changedText, ordered } from './changes.ts';
import type { ScriptItem } from './script.ts';

/** A part of a file in UTF-16 units, and what is to stand there. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** An entry of a list in block style, in its file: from its line's start to behind its last line. */
export interface ItemSource {
  readonly text: string;
  /** Of the value, without the dash. */
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
  /** White space before the dash, and the dash with what follows it. */
  readonly indent: string;
  readonly dash: string;
}

/** Undefined for what is no entry on lines of its own: a flow list, a lone string, one with an anchor. */
export function itemSource(text: string, { node }: ScriptItem): ItemSource | undefined {
  const bytes = Buffer.from(text);
  const start = bytes.subarray(0, node.span.start).toString().length;
  const end = bytes.subarray(0, node.span.end).toString().length;
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const [, indent, dash] = /^([ ]*)(-[ \t]+)$/.exec(text.slice(from, start)) ?? [];
  if (indent === undefined || dash === undefined || end <= start) return undefined;
  const behind = text[end - 1] === '\n' ? end : text.indexOf('\n', end) + 1;
  return { text, start, end, from, to: behind === 0 ? text.length : behind, indent, dash };
}

/** The entry with its changes, lines that stay untouched; the value is written as it was where it can be. */
export function itemReplacement(
  source: ItemSource,
  item: ScriptItem,
  changes: readonly Change[],
): Replacement {
  const after = changedText(item, changes);
  if (after === undefined) return { start: source.from, end: source.to, text: '' };
  const written = source.text.slice(source.start, source.end);
  return (
    inBlock(source, item, changes, written) ??
    inLine(source, after, written) ?? {
      ...rest(source),
      text: blockText(after, source, comment(source)),
    }
  );
}

/** Behind the value, with a comment on its line. */
function rest({ start, end, text }: ItemSource): { start: number; end: number } {
  const line = /^[ \t]*#[^\r\n]*/.exec(text.slice(end))?.[0].length ?? 0;
  return { start, end: end + (text[end - 1] === '\n' ? 0 : line) };
}

function comment({ end, text }: ItemSource): string {
  if (text[end - 1] === '\n') return '';
  const found = /^[ \t]*(#[^\r\n]*)/.exec(text.slice(end))?.[1];
  return found === undefined ? '' : ` ${found}`;
}

function blockText(value: string, { indent, dash, end, text }: ItemSource, behind: string): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const pad = ' '.repeat(indent.length + dash.length);
  const lines = value.replace(/\n+$/, '').split('\n');
  const body = lines.map((line) => (line === '' ? '' : `${pad}${line}`)).join(eol);
  return `|${behind}${eol}${body}${text[end - 1] === '\n' ? eol : ''}`;
}

/** A literal block keeps its header; a folded one of a single paragraph keeps its form, and its lines need no backslash. */
function inBlock(
  source: ItemSource,
  item: ScriptItem,
  changes: readonly Change[],
  written: string,
): Replacement | undefined {
  const [header = '', isFolded] = /^(?:\||(>))[-+0-9]*[ \t]*(?:#[^\r\n]*)?\r?\n/.exec(written) ?? [];
  if (header === '') return undefined;
  const eol = header.endsWith('\r\n') ? '\r\n' : '\n';
  const lines = written.slice(header.length).split(eol);
  const indent = /^ */.exec(lines.find((line) => line.trim() !== '') ?? '')?.[0] ?? '';
  const bare = lines.map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trim()));
  let value = bare.join('\n');
  const isSame = isFolded
    ? value.trimEnd().replaceAll('\n', ' ') === item.text.trimEnd()
    : value.trimEnd() === item.text.trimEnd();
  if (!isSame) return undefined;
  for (const change of ordered(item, changes)) {
    // In a folded block two lines are one command.
    if (isFolded && /(?<!\\)\n/.test(change.text)) return undefined;
    const by = isFolded ? change.text.replace(/[ \t]*\\\n[ \t]*/g, '\n') : change.text;
    const first = count(value, change.start);
    const last = count(value, change.end);
    const lineStart = value.lastIndexOf('\n', change.start - 1) + 1;
    const lineEnd = value.indexOf('\n', change.end);
    const tail = value.slice(change.end, lineEnd < 0 ? value.length : lineEnd);
    const segment = `${value.slice(lineStart, change.start)}${by}${tail}`;
    const pieces = segment
      .split('\n')
      .map((line) => (isFolded ? line.trimEnd() : line))
      .filter((line, _, all) => !isFolded || line !== '' || all.length === 1);
    lines.splice(first, last - first + 1, ...pieces.map((line) => (line === '' ? '' : `${indent}${line}`)));
    value = `${value.slice(0, lineStart)}${pieces.join('\n')}${lineEnd < 0 ? '' : value.slice(lineEnd)}`;
  }
  return { start: source.start + header.length, end: source.end, text: lines.join(eol) };
}

function count(text: string, before: number): number {
  return text.slice(0, before).split('\n').length - 1;
}

/** On one line as before, with the quotes it had where it needs them. */
function inLine({ start, end }: ItemSource, value: string, written: string): Replacement | undefined {
  if (value.includes('\n')) return undefined;
  const isQuoted = /^["']/.test(written);
  return { start, end, text: isQuoted ? quoted(value, written) : lineText(value) };
}

function quoted(value: string, written: string): string {
  return written.startsWith("'") ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
}

/** A one-line scalar, plain where YAML reads it back the same. */
function lineText(value: string): string {
  const { documents, errors } = loadYaml('', `- ${value}`);
  const [list] = documents;
  const [only] = list?.kind === 'sequence' ? list.items : [];
  const isPlain = errors.length === 0 && only?.kind === 'scalar' && only.value === value;
  return isPlain ? value : `'${value.replaceAll("'", "''")}'`;
}

/** An entry of a list, with its dash and without indentation; `isKept` keeps a value exactly, its last line end too. */
export function entryText(value: string, isKept = false): string {
  const body = value.replace(/\n+$/, '');
  if (!body.includes('\n')) return `- ${lineText(body)}`;
  const header = isKept && !value.endsWith('\n') ? '|-' : '|';
  const lines = body.split('\n').map((line) => (line === '' ? '' : `  ${line}`));
  return [`- ${header}`, ...lines].join('\n');
}
