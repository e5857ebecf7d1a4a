import { type List, type Part, ShellSyntaxError, type Word } from './syntax.ts';

/** Where the parser is in its text. */
export interface Cursor {
  readonly text: string;
  at: number;
}

export type ParseList = (cursor: Cursor, until: string) => List;

const metacharacters = ' \t\n;&|<>()';
const operators = [':-', ':=', ':+', ':?', '%%', '##', '-', '=', '+', '?', '%', '#'] as const;

/** Reads one word, quotes and expansions in it; undefined where none begins. Ends before `stop`, where given. */
export function readWord(cursor: Cursor, parseList: ParseList, stop = metacharacters): Word | undefined {
  const parts: Part[] = [];
  const begin = cursor.at;
  let text = '';
  const flush = (): void => {
    if (text) parts.push({ kind: 'text', text, quoted: false });
    text = '';
  };
  for (;;) {
    const letter = cursor.text[cursor.at];
    if (letter === undefined || stop.includes(letter)) break;
    if (letter === '\\') {
      const next = cursor.text[cursor.at + 1];
      cursor.at += 2;
      flush();
      if (next !== undefined && next !== '\n') parts.push({ kind: 'text', text: next, quoted: true });
    } else if (letter === "'") {
      flush();
      parts.push({ kind: 'text', text: readSingle(cursor), quoted: true });
    } else if (letter === '"') {
      flush();
      cursor.at++;
      parts.push(...readDouble(cursor, parseList, '"'));
    } else if (letter === '$' || letter === '`') {
      const part = readExpansion(cursor, parseList, false);
      if (part) {
        flush();
        parts.push(part);
      } else text += letter;
    } else {
      text += letter;
      cursor.at++;
    }
  }
  flush();
  return cursor.at === begin ? undefined : parts;
}

function readSingle(cursor: Cursor): string {
  const end = cursor.text.indexOf("'", cursor.at + 1);
  if (end < 0) throw new ShellSyntaxError('unterminated quoted string', true);
  const text = cursor.text.slice(cursor.at + 1, end);
  cursor.at = end + 1;
  return text;
}

/** What stands between double quotes, or in a here-document (no `end`): the cursor is behind the opening. */
export function readDouble(cursor: Cursor, parseList: ParseList, end: string | undefined): Part[] {
  const parts: Part[] = [];
  let text = '';
  const flush = (): void => {
    parts.push({ kind: 'text', text, quoted: true });
    text = '';
  };
  for (;;) {
    const letter = cursor.text[cursor.at];
    if (letter === undefined) {
      if (end !== undefined) throw new ShellSyntaxError('unterminated quoted string', true);
      break;
    }
    if (letter === end) {
      cursor.at++;
      break;
    }
    const next = cursor.text[cursor.at + 1];
    if (letter === '\\' && next !== undefined && '$`"\\\n'.includes(next)) {
      if (next !== '\n') text += next;
      cursor.at += 2;
    } else if (letter === '$' || letter === '`') {
      const part = readExpansion(cursor, parseList, true);
      if (part) {
        flush();
        parts.push(part);
      } else text += letter;
    } else {
      text += letter;
      cursor.at++;
    }
  }
  flush();
  return parts;
}

/** `$name`, `${…}`, `$(…)`, `$((…))` or backquotes; undefined, one letter on, for a dollar that is just one. */
function readExpansion(cursor: Cursor, parseList: ParseList, quoted: boolean): Part | undefined {
  const rest = cursor.text.slice(cursor.at);
  if (rest.startsWith('`')) return readBackquoted(cursor, parseList, quoted);
  if (rest.startsWith('$((')) {
    cursor.at += 3;
    const text = readDouble({ text: readNested(cursor), at: 0 }, parseList, undefined);
    return { kind: 'arithmetic', text, quoted };
  }
  if (rest.startsWith('$(')) {
    cursor.at += 2;
    const script = parseList(cursor, ')');
    if (cursor.text[cursor.at] !== ')') throw new ShellSyntaxError('missing `)`', true);
    cursor.at++;
    return { kind: 'command', script, quoted };
  }
  if (rest.startsWith('${')) return readBraced(cursor, parseList, quoted);
  const [, name] = /^\$([A-Za-z_]\w*|[0-9?$#@*!-])/.exec(rest) ?? [];
  cursor.at += 1 + (name?.length ?? 0);
  return name === undefined ? undefined : { kind: 'parameter', name, quoted };
}

/** The text up to the `))` that closes it. */
function readNested(cursor: Cursor): string {
  const begin = cursor.at;
  for (let depth = 0; cursor.at < cursor.text.length; cursor.at++) {
    const letter = cursor.text[cursor.at];
    if (letter === '(') depth++;
    else if (letter === ')' && depth > 0) depth--;
    else if (letter === ')') {
      if (cursor.text[cursor.at + 1] !== ')') throw new ShellSyntaxError('missing `))`');
      cursor.at += 2;
      return cursor.text.slice(begin, cursor.at - 2);
    }
  }
  throw new ShellSyntaxError('missing `))`', true);
}

function readBraced(cursor: Cursor, parseList: ParseList, quoted: boolean): Part {
  const [all = '', hash, name] =
    /^\$\{(#(?=[A-Za-z_0-9@*]))?([A-Za-z_]\w*|\d+|[?$#@*])/.exec(cursor.text.slice(cursor.at)) ?? [];
  if (name === undefined) throw new ShellSyntaxError('Bad substitution');
  cursor.at += all.length;
  const operator = operators.find((one) => cursor.text.startsWith(one, cursor.at));
  cursor.at += operator?.length ?? 0;
  const word = operator ? (readWord(cursor, parseList, '}') ?? []) : undefined;
  if (cursor.text[cursor.at] !== '}') {
    const isIncomplete = cursor.at >= cursor.text.length;
    throw new ShellSyntaxError(isIncomplete ? 'missing `}`' : 'Bad substitution', isIncomplete);
  }
  cursor.at++;
  const length = hash !== undefined;
  return { kind: 'parameter', name, quoted, length, ...(operator && { operator }), ...(word && { word }) };
}

function readBackquoted(cursor: Cursor, parseList: ParseList, quoted: boolean): Part {
  let text = '';
  cursor.at++;
  for (;;) {
    const letter = cursor.text[cursor.at++];
    if (letter === undefined) throw new ShellSyntaxError('EOF in backquote substitution', true);
    if (letter === '`') break;
    const next = cursor.text[cursor.at];
    if (letter === '\\' && next !== undefined && '$`\\'.includes(next)) {
      text += next;
      cursor.at++;
    } else text += letter;
  }
  return { kind: 'command', script: parseList({ text, at: 0 }, ''), quoted };
}
