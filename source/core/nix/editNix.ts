import {
  applyEdits,
  type Edits,
  isOf,
  keyLength,
  lineAt,
  type RangeEdit,
  type Wanted,
} from './editRanges.ts';
import { nixTokens, scanNix, type Token } from './nixScanner.ts';
import { type FoundValue, settingKind } from './settings.ts';

/** An assignment in force: `extra-trusted-public-keys = [ … ];`. */
interface Assignment {
  /** As written, with a path before it: `nixConfig.substituters`. */
  readonly name: string;
  readonly at: number;
  /** What is between the equals sign and the semicolon. */
  readonly value: readonly Token[];
  /** Of the semicolon. */
  readonly end: number;
}

/** Puts the key in force in a Nix file that names the cache: replaces a wrong one, uncomments one, or adds it. */
export function editNix(text: string, wanted: Wanted): Edits {
  const { key, name, url } = wanted;
  const found = scanNix(text);
  const keys = found.filter(({ setting }) => settingKind(setting) === 'key');
  const active = keys.filter(({ isCommented }) => !isCommented);
  const wrong = active.filter((one) => one.text.startsWith(`${name}:`) && one.text !== key);
  const isTrusted = active.some((one) => one.text === key);
  if (wrong.length > 0)
    return isTrusted
      ? { problem: `another key of the name ${name} stands beside it: whose it is cannot be told` }
      : { edits: wrong.map((one) => ({ at: one.at, length: one.text.length, text: key })) };
  const isUsed = found.some(
    (one) => !one.isCommented && settingKind(one.setting) === 'substituter' && isOf(one.text, url),
  );
  if (isTrusted || !isUsed) return { edits: [] };
  const assignments = assignmentsIn(text);
  const lists = assignments.filter((one) => kindOf(one) === 'key');
  const [list, ...more] = lists;
  if (more.length > 0) return { problem: 'several settings in it hold keys' };
  const commented = keys.filter((one) => one.isCommented && one.text.startsWith(`${name}:`));
  if (list) return addTo(text, list, commented, wanted);
  const whole = uncommentSetting(text, commented, wanted);
  if (whole) return { edits: whole };
  const substituters = assignments.find((one) => kindOf(one) === 'substituter');
  return substituters
    ? { edits: [insertAfter(text, substituters, key)] }
    : { problem: 'the cache is named in an expression, not in a setting' };
}

function assignmentsIn(text: string): Assignment[] {
  const tokens = nixTokens(text).filter(({ isCommented }) => !isCommented);
  return tokens.flatMap((token, index) => {
    if (token.kind === 'symbol' || token.kind === 'block' || tokens[index + 1]?.text !== '=') return [];
    const end = tokens.findIndex((one, at) => at > index && one.kind === 'symbol' && one.text === ';');
    const close = tokens[end];
    if (!close) return [];
    return [{ name: token.text, at: token.at, value: tokens.slice(index + 2, end), end: close.at }];
  });
}

function kindOf({ name }: Assignment): ReturnType<typeof settingKind> {
  return settingKind(name.slice(name.lastIndexOf('.') + 1));
}

/** Adds the key to a list of strings or to a string of words; in place of a line that is commented out, where there is one. */
function addTo(text: string, list: Assignment, commented: readonly FoundValue[], { key }: Wanted): Edits {
  const [first, ...rest] = list.value;
  if (first?.kind === 'string' && rest.length === 0)
    return {
      edits: [{ at: first.at + first.text.length, length: 0, text: `${first.text ? ' ' : ''}${key}` }],
    };
  const strings = list.value.slice(1, -1);
  const close = list.value.at(-1);
  const isList = first?.text === '[' && close?.text === ']' && strings.every(({ kind }) => kind === 'string');
  if (!isList) return { problem: 'its keys are an expression, not a list of strings' };
  for (const one of commented) {
    if (one.at < first.at || one.at > close.at) continue;
    const edit = uncommentElement(text, one, key);
    if (edit) return { edits: [edit] };
  }
  const last = strings.at(-1);
  if (!last) return { edits: [{ at: first.at + 1, length: 0, text: ` "${key}"` }] };
  const { line, end, eol } = lineAt(text, last.at);
  const [, indent] = /^(\s*)"[^"]*"\s*(?:#.*)?$/.exec(line) ?? [];
  if (indent !== undefined) return { edits: [{ at: end, length: 0, text: `${eol}${indent}"${key}"` }] };
  return { edits: [{ at: last.at + last.text.length + 1, length: 0, text: ` "${key}"` }] };
}

/** `# "main:…"` on a line of its own, inside the list. */
function uncommentElement(text: string, { at }: FoundValue, key: string): RangeEdit | undefined {
  const { start, line } = lineAt(text, at);
  const [, indent, element] = /^(\s*)(#\s*"[^"]*")\s*(?:#.*)?$/.exec(line) ?? [];
  if (indent === undefined || element === undefined) return undefined;
  return { at: start + indent.length, length: element.length, text: `"${key}"` };
}

/** A whole setting that is commented out, on one line or on several, each beginning with `#`. */
function uncommentSetting(
  text: string,
  commented: readonly FoundValue[],
  { key }: Wanted,
): RangeEdit[] | undefined {
  for (const one of commented) {
    const edits: RangeEdit[] = [{ at: one.at, length: keyLength(text, one), text: key }];
    let { start, end, line } = lineAt(text, one.at);
    while (/^\s*#/.test(line) && !/public-keys\s*=/.test(line) && start > 0)
      ({ start, end, line } = lineAt(text, start - 1));
    for (;;) {
      const [, indent = '', mark] = /^(\s*)(# ?)/.exec(line) ?? [];
      if (mark === undefined) break;
      edits.push({ at: start + indent.length, length: mark.length, text: '' });
      if (/;\s*(?:#.*)?$/.test(line)) {
        const after = assignmentsIn(applyEdits(text, edits)).filter((each) => kindOf(each) === 'key');
        if (after.length === 1) return edits;
        break;
      }
      if (end >= text.length) break;
      ({ start, end, line } = lineAt(text, text.indexOf('\n', end) + 1));
    }
  }
  return undefined;
}

function insertAfter(text: string, { name, at, end: semicolon }: Assignment, key: string): RangeEdit {
  const [indent = ''] = /^\s*/.exec(lineAt(text, at).line) ?? [];
  const path = name.slice(0, name.lastIndexOf('.') + 1);
  const { end, eol } = lineAt(text, semicolon);
  const isLast = /^;\s*(?:#.*)?$/.test(text.slice(semicolon, end));
  const setting = `${path}extra-trusted-public-keys = [ "${key}" ];`;
  return isLast
    ? { at: end, length: 0, text: `${eol}${indent}${setting}` }
    : { at: semicolon + 1, length: 0, text: ` ${setting}` };
}
