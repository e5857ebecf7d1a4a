import { commentStart } from '../claimFiles.ts';
import { type Edits, isOf, keyLength, lineAt, type RangeEdit, type Wanted } from './editRanges.ts';
import { type FoundValue, settingKind } from './settings.ts';
import { scanText } from './textScanner.ts';

/** Values of one setting on one line. */
interface Setting {
  readonly kind: 'substituter' | 'key';
  readonly isCommented: boolean;
  readonly values: readonly FoundValue[];
  /** Index of the line. */
  readonly line: number;
}

/** A line that is nothing but a setting, or that writes one into a file. */
const plainPrefix = /^\s*(?:-\s+)?(?:echo\s+(?:-e\s+)?["'])?$/;
/** The end of a here-document is the end of what belongs together. */
const hereEnd = /^\s*[A-Z_]{3,}\s*$/;

/** Puts the key in force wherever lines of nix.conf name the cache, in YAML and scripts: replaces, uncomments or adds it. */
export function editText(text: string, wanted: Wanted): Edits {
  const settings = settingsIn(text);
  const edits: RangeEdit[] = [];
  const replaced = new Set<Setting>();
  for (const setting of settings.filter(({ kind, isCommented }) => kind === 'key' && !isCommented)) {
    const wrong = setting.values.filter((one) => isNamed(one, wanted) && one.text !== wanted.key);
    if (wrong.length === 0) continue;
    if (setting.values.some((one) => one.text === wanted.key))
      return {
        problem: `another key of the name ${wanted.name} stands beside it: whose it is cannot be told`,
      };
    edits.push(...wrong.map(({ at, text: { length } }) => ({ at, length, text: wanted.key })));
    replaced.add(setting);
  }
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const done = new Set<Setting>();
  for (const cache of settings) {
    const names = cache.values.some((one) => isOf(one.text, wanted.url));
    if (cache.kind !== 'substituter' || cache.isCommented || !names) continue;
    const near = together(settings, lines, cache.line);
    if (near.some((one) => done.has(one))) continue;
    const added = addNear(text, cache, near, replaced, wanted);
    if ('problem' in added) return added;
    edits.push(...added.edits);
    for (const one of near) done.add(one);
  }
  return { edits };
}

function settingsIn(text: string): Setting[] {
  const found = new Map<string, Setting & { values: FoundValue[] }>();
  let line = 0;
  let from = 0;
  for (const one of scanText(text)) {
    for (let next = text.indexOf('\n', from); next >= 0 && next < one.at; next = text.indexOf('\n', from)) {
      line += 1;
      from = next + 1;
    }
    const kind = settingKind(one.setting);
    if (!kind) continue;
    const id = `${line} ${one.setting} ${one.isCommented}`;
    const known = found.get(id);
    if (known) known.values.push(one);
    else found.set(id, { kind, isCommented: one.isCommented, values: [one], line });
  }
  return [...found.values()];
}

/** The settings in the lines around one that are as deep as it, up to where a here-document or an outer line begins. */
function together(settings: readonly Setting[], lines: readonly string[], line: number): Setting[] {
  const depth = indentOf(lines[line] ?? '').length;
  const isInside = (index: number): boolean => {
    const one = lines[index];
    if (one === undefined || hereEnd.test(one)) return false;
    return one.trim() === '' || one.trimStart().startsWith('#') || indentOf(one).length >= depth;
  };
  let first = line;
  let last = line;
  while (isInside(first - 1)) first -= 1;
  while (isInside(last + 1)) last += 1;
  return settings.filter((one) => one.line >= first && one.line <= last);
}

function addNear(
  text: string,
  cache: Setting,
  near: readonly Setting[],
  replaced: ReadonlySet<Setting>,
  wanted: Wanted,
): Edits {
  const keys = near.filter(({ kind }) => kind === 'key');
  const active = keys.filter(({ isCommented }) => !isCommented);
  const values = active.flatMap((one) => one.values);
  if (active.some((one) => replaced.has(one)) || values.some((one) => one.text === wanted.key))
    return { edits: [] };
  const reference = values.find((one) => one.text.includes('$'));
  if (reference) return { problem: `it takes the key from ${reference.text}: set that to the key` };
  const [line] = active;
  if (line) return append(text, line, wanted.key);
  const commented = keys.filter(({ values: all }) => all.some((one) => isNamed(one, wanted)));
  for (const one of commented) {
    const edits = uncomment(text, one, cache, wanted);
    if (edits) return { edits };
  }
  return insertBelow(text, cache, wanted.key);
}

function append(text: string, { values }: Setting, key: string): Edits {
  const [first] = values;
  const last = values.at(-1);
  if (!first || !last || !isPlain(text, first)) return { problem: 'its keys are part of a longer line' };
  return { edits: [{ at: last.at + last.text.length, length: 0, text: ` ${key}` }] };
}

/** Uncomments a line and puts the key in its place; undefined when prose follows the values. */
function uncomment(
  text: string,
  { values }: Setting,
  cache: Setting,
  wanted: Wanted,
): RangeEdit[] | undefined {
  const own = values.find((one) => isNamed(one, wanted));
  const last = values.at(-1);
  const [beside] = cache.values;
  if (!own || !last || !beside) return undefined;
  const { start, end, line } = lineAt(text, own.at);
  const [mark] = /^\s*#\s*/.exec(line) ?? [];
  const rest = text.slice(last.at + keyLength(text, last), end);
  if (mark === undefined || !/^\s*(?:#.*)?$|^["']/.test(rest)) return undefined;
  return [
    { at: start, length: mark.length, text: indentOf(lineAt(text, beside.at).line) },
    { at: own.at, length: keyLength(text, own), text: wanted.key },
  ];
}

/** A line like that of the cache's address, with the key in place of the addresses. */
function insertBelow(text: string, { values }: Setting, key: string): Edits {
  const [first] = values;
  const last = values.at(-1);
  if (!first || !last || !isPlain(text, first)) return { problem: 'it names the cache within a longer line' };
  const { start, end, eol } = lineAt(text, first.at);
  const before = text.slice(start, first.at);
  const after = text.slice(last.at + last.text.length, end);
  if (/(?<!>)>(?!>)/.test(after)) return { problem: 'it writes the setting over what the file held' };
  const line = `${before.replace(first.setting, 'extra-trusted-public-keys')}${key}${after.replace(/\s+#.*$/, '')}`;
  return { edits: [{ at: end, length: 0, text: `${eol}${line}` }] };
}

function isPlain(text: string, { at, setting }: FoundValue): boolean {
  const { start } = lineAt(text, at);
  const before = text.slice(start, at);
  const name = before.lastIndexOf(setting);
  return plainPrefix.test(before.slice(0, name)) && /^\s*=\s*$/.test(before.slice(name + setting.length));
}

function isNamed({ text }: FoundValue, { name }: Wanted): boolean {
  return text.startsWith(`${name}:`);
}

function indentOf(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? '';
}

/** Edits that put the key in place of others of its name wherever they are written; `inComments` also there. */
export function editMentions(
  text: string,
  { key, name }: Wanted,
  { taken, inComments }: { taken: ReadonlySet<number>; inComments: boolean },
): RangeEdit[] {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const shape = new RegExp(`(?<![\\w.+:/-])${escaped}:[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])`, 'g');
  return [...text.matchAll(shape)]
    .filter(({ 0: found, index }) => {
      if (found === key || taken.has(index)) return false;
      const { line, start } = lineAt(text, index);
      const comment = commentStart(line);
      return inComments || comment < 0 || start + comment > index;
    })
    .map(({ 0: found, index }) => ({ at: index, length: found.length, text: key }));
}
