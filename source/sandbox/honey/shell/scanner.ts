import { type Part, type Redirect, ShellSyntaxError } from './syntax.ts';
import { type Cursor, type ParseList, readDouble, readWord } from './words.ts';

interface Heredoc {
  readonly delimiter: string;
  readonly isLiteral: boolean;
  readonly stripsTabs: boolean;
  readonly target: Part[];
}

/** Here-documents of the line that is read, in each text. */
const waiting = new WeakMap<Cursor, Heredoc[]>();

/** Here-documents whose line has not ended yet. */
export function hasHeredocs(cursor: Cursor): boolean {
  return waiting.has(cursor);
}

export function parseRedirects(cursor: Cursor, parseList: ParseList): Redirect[] {
  const redirects: Redirect[] = [];
  for (;;) {
    skipBlanks(cursor);
    const redirect = parseRedirect(cursor, parseList);
    if (!redirect) return redirects;
    redirects.push(redirect);
  }
}

export function parseRedirect(cursor: Cursor, parseList: ParseList): Redirect | undefined {
  const [all, digits, sign] = /^(\d*)(<<-?|>>|>&|<&|>\||[<>])/.exec(cursor.text.slice(cursor.at)) ?? [];
  if (all === undefined || sign === undefined) return undefined;
  cursor.at += all.length;
  skipBlanks(cursor);
  const target = readWord(cursor, parseList);
  if (!target) throw unexpected(cursor);
  const fd = digits ? Number(digits) : sign.startsWith('<') ? 0 : 1;
  if (!sign.startsWith('<<')) {
    const operator = sign === '>|' ? '>' : sign === '<&' ? '>&' : sign;
    return { fd, operator: operator as Redirect['operator'], target };
  }
  const delimiter = target.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  const isLiteral = target.some((part) => part.kind === 'text' && part.quoted);
  const body: Part[] = [];
  const heredocs = waiting.get(cursor) ?? [];
  waiting.set(cursor, [...heredocs, { delimiter, isLiteral, stripsTabs: sign === '<<-', target: body }]);
  return { fd, operator: '<<', target: body };
}

/** At a line's end: the here-documents that it announced. */
function readHeredocs(cursor: Cursor, parseList: ParseList): void {
  for (const { delimiter, isLiteral, stripsTabs, target } of waiting.get(cursor) ?? []) {
    const lines: string[] = [];
    for (;;) {
      if (cursor.at >= cursor.text.length) throw new ShellSyntaxError('unterminated here-document', true);
      const end = cursor.text.indexOf('\n', cursor.at);
      const raw = cursor.text.slice(cursor.at, end < 0 ? undefined : end);
      const line = stripsTabs ? raw.replace(/^\t+/, '') : raw;
      cursor.at = end < 0 ? cursor.text.length : end + 1;
      if (line === delimiter) break;
      lines.push(`${line}\n`);
    }
    const text = lines.join('');
    if (isLiteral) target.push({ kind: 'text', text, quoted: true });
    else target.push(...readDouble({ text, at: 0 }, parseList, undefined));
  }
  waiting.delete(cursor);
}

export function skipBlanks(cursor: Cursor): void {
  const [blanks = ''] = /^(?:[ \t]|\\\n)*(?:#[^\n]*)?/.exec(cursor.text.slice(cursor.at)) ?? [];
  cursor.at += blanks.length;
}

export function skipLines(cursor: Cursor, parseList: ParseList): void {
  skipBlanks(cursor);
  while (cursor.text[cursor.at] === '\n') {
    cursor.at++;
    readHeredocs(cursor, parseList);
    skipBlanks(cursor);
  }
}

/** The unquoted word that begins here, without moving. */
export function peekName(cursor: Cursor): string {
  skipBlanks(cursor);
  return /^[^\s;&|<>()'"\\$`]+(?=$|[\s;&|<>()])/.exec(cursor.text.slice(cursor.at))?.[0] ?? '';
}

export function takeName(cursor: Cursor, name: string): boolean {
  if (peekName(cursor) !== name) return false;
  cursor.at += name.length;
  return true;
}

export function expectName(cursor: Cursor, name: string): void {
  if (!takeName(cursor, name)) throw unexpected(cursor);
}

export function unexpected(cursor: Cursor): ShellSyntaxError {
  const rest = cursor.text.slice(cursor.at);
  if (rest === '') return new ShellSyntaxError('end of file unexpected', true);
  const [token = rest[0] ?? ''] = /^(?:\n|&&|\|\||;;|[;&|()<>]|[^\s;&|()<>]+)/.exec(rest) ?? [];
  return new ShellSyntaxError(`${token === '\n' ? 'newline' : `"${token}"`} unexpected`);
}
