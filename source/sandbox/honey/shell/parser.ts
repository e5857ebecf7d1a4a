import type { AndOr, Command, List, Part, Pipeline, Redirect, Word } from './syntax.ts';
import { ShellSyntaxError } from './syntax.ts';
import { type Cursor, readDouble, readWord } from './words.ts';

/** Reserved words that end a list where they stand first in a command. */
const closing = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}']);

interface Heredoc {
  readonly delimiter: string;
  readonly isLiteral: boolean;
  readonly stripsTabs: boolean;
  readonly target: Part[];
}

type Compound = Exclude<Command, { readonly kind: 'simple' }>;
/** Redirections are read after the rest. */
const noRedirects: readonly Redirect[] = [];

/** Here-documents of the line that is read, in each text. */
const waiting = new WeakMap<Cursor, Heredoc[]>();

/** Parses the text of a POSIX shell command, without jobs. Throws `ShellSyntaxError`. */
export function parseShell(text: string): List {
  const cursor: Cursor = { text, at: 0 };
  const list = parseList(cursor, '');
  if (cursor.at < text.length) throw unexpected(cursor);
  if (waiting.has(cursor)) throw new ShellSyntaxError('unterminated here-document', true);
  return list;
}

function parseList(cursor: Cursor, until: string): List {
  const list: AndOr[] = [];
  for (;;) {
    skipLines(cursor);
    const letter = cursor.text[cursor.at];
    if (letter === undefined || letter === until || closing.has(peekName(cursor))) return list;
    if (cursor.text.startsWith(';;', cursor.at)) return list;
    const first = parsePipeline(cursor);
    const rest: [operator: '&&' | '||', pipeline: Pipeline][] = [];
    for (;;) {
      const operator = (['&&', '||'] as const).find((one) => cursor.text.startsWith(one, cursor.at));
      if (!operator) break;
      cursor.at += 2;
      skipLines(cursor);
      rest.push([operator, parsePipeline(cursor)]);
    }
    const end = cursor.text[cursor.at];
    list.push({ first, rest, background: end === '&' });
    if (cursor.text.startsWith(';;', cursor.at)) return list;
    if (end === '&' || end === ';') cursor.at++;
    else if (end !== '\n') return list;
  }
}

function parsePipeline(cursor: Cursor): Pipeline {
  const negated = takeName(cursor, '!');
  const commands = [parseCommand(cursor)];
  while (cursor.text[cursor.at] === '|' && cursor.text[cursor.at + 1] !== '|') {
    cursor.at++;
    skipLines(cursor);
    commands.push(parseCommand(cursor));
  }
  return { negated, commands };
}

function parseCommand(cursor: Cursor): Command {
  skipBlanks(cursor);
  const compound = parseCompound(cursor);
  if (compound) return { ...compound, redirects: parseRedirects(cursor) };
  const assignments: [string, Word][] = [];
  const words: Word[] = [];
  const redirects: Redirect[] = [];
  for (;;) {
    skipBlanks(cursor);
    const redirect = parseRedirect(cursor);
    if (redirect) {
      redirects.push(redirect);
      continue;
    }
    const [, name] = words.length === 0 ? (/^([A-Za-z_]\w*)=/.exec(cursor.text.slice(cursor.at)) ?? []) : [];
    if (name !== undefined) {
      cursor.at += name.length + 1;
      assignments.push([name, readWord(cursor, parseList) ?? []]);
      continue;
    }
    const word = readWord(cursor, parseList);
    if (!word) break;
    words.push(word);
  }
  if (words.length + assignments.length + redirects.length === 0) throw unexpected(cursor);
  return { kind: 'simple', assignments, words, redirects };
}

/** A command of reserved words, without its redirections. */
function parseCompound(cursor: Cursor): Compound | undefined {
  if (cursor.text[cursor.at] === '(') {
    cursor.at++;
    const body = parseList(cursor, ')');
    if (cursor.text[cursor.at] !== ')') throw unexpected(cursor);
    cursor.at++;
    return { kind: 'group', body, subshell: true, redirects: noRedirects };
  }
  if (takeName(cursor, '{')) {
    const body = parseList(cursor, '');
    expectName(cursor, '}');
    return { kind: 'group', body, subshell: false, redirects: noRedirects };
  }
  if (takeName(cursor, 'if')) {
    const clauses: [List, List][] = [];
    do {
      const condition = parseList(cursor, '');
      expectName(cursor, 'then');
      clauses.push([condition, parseList(cursor, '')]);
    } while (takeName(cursor, 'elif'));
    const otherwise = takeName(cursor, 'else') ? parseList(cursor, '') : undefined;
    expectName(cursor, 'fi');
    return { kind: 'if', clauses, ...(otherwise && { otherwise }), redirects: noRedirects };
  }
  const loop = ['while', 'until'].find((name) => takeName(cursor, name));
  if (loop) {
    const condition = parseList(cursor, '');
    return {
      kind: 'loop',
      until: loop === 'until',
      condition,
      body: parseBody(cursor),
      redirects: noRedirects,
    };
  }
  if (takeName(cursor, 'case')) return parseCase(cursor);
  if (takeName(cursor, 'for')) return parseFor(cursor);
  const [head, name] = /^([A-Za-z_]\w*)[ \t]*\([ \t]*\)/.exec(cursor.text.slice(cursor.at)) ?? [];
  if (head === undefined || name === undefined) return undefined;
  cursor.at += head.length;
  skipLines(cursor);
  return { kind: 'function', name, body: parseCommand(cursor), redirects: noRedirects };
}

function parseCase(cursor: Cursor): Compound {
  skipBlanks(cursor);
  const subject = readWord(cursor, parseList) ?? [];
  skipLines(cursor);
  expectName(cursor, 'in');
  const clauses: [readonly Word[], List][] = [];
  for (;;) {
    skipLines(cursor);
    if (takeName(cursor, 'esac')) return { kind: 'case', subject, clauses, redirects: noRedirects };
    if (cursor.text[cursor.at] === '(') cursor.at++;
    const patterns: Word[] = [];
    do {
      if (patterns.length > 0) cursor.at++;
      skipBlanks(cursor);
      const pattern = readWord(cursor, parseList);
      if (!pattern) throw unexpected(cursor);
      patterns.push(pattern);
      skipBlanks(cursor);
    } while (cursor.text[cursor.at] === '|');
    if (cursor.text[cursor.at] !== ')') throw unexpected(cursor);
    cursor.at++;
    clauses.push([patterns, parseList(cursor, '')]);
    if (cursor.text.startsWith(';;', cursor.at)) cursor.at += 2;
  }
}

function parseFor(cursor: Cursor): Compound {
  skipBlanks(cursor);
  const name = peekName(cursor);
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new ShellSyntaxError('Bad for loop variable');
  cursor.at += name.length;
  const words: Word[] = [];
  if (takeName(cursor, 'in')) {
    for (;;) {
      skipBlanks(cursor);
      const word = readWord(cursor, parseList);
      if (!word) break;
      words.push(word);
    }
  } else words.push([{ kind: 'parameter', name: '@', quoted: true }]);
  if (cursor.text[cursor.at] === ';') cursor.at++;
  return { kind: 'for', name, words, body: parseBody(cursor), redirects: noRedirects };
}

function parseBody(cursor: Cursor): List {
  skipLines(cursor);
  expectName(cursor, 'do');
  const body = parseList(cursor, '');
  expectName(cursor, 'done');
  return body;
}

function parseRedirects(cursor: Cursor): Redirect[] {
  const redirects: Redirect[] = [];
  for (;;) {
    skipBlanks(cursor);
    const redirect = parseRedirect(cursor);
    if (!redirect) return redirects;
    redirects.push(redirect);
  }
}

function parseRedirect(cursor: Cursor): Redirect | undefined {
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
function readHeredocs(cursor: Cursor): void {
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

function skipBlanks(cursor: Cursor): void {
  const [blanks = ''] = /^(?:[ \t]|\\\n)*(?:#[^\n]*)?/.exec(cursor.text.slice(cursor.at)) ?? [];
  cursor.at += blanks.length;
}

function skipLines(cursor: Cursor): void {
  skipBlanks(cursor);
  while (cursor.text[cursor.at] === '\n') {
    cursor.at++;
    readHeredocs(cursor);
    skipBlanks(cursor);
  }
}

/** The unquoted word that begins here, without moving. */
function peekName(cursor: Cursor): string {
  skipBlanks(cursor);
  return /^[^\s;&|<>()'"\\$`]+(?=$|[\s;&|<>()])/.exec(cursor.text.slice(cursor.at))?.[0] ?? '';
}

function takeName(cursor: Cursor, name: string): boolean {
  if (peekName(cursor) !== name) return false;
  cursor.at += name.length;
  return true;
}

function expectName(cursor: Cursor, name: string): void {
  if (!takeName(cursor, name)) throw unexpected(cursor);
}

function unexpected(cursor: Cursor): ShellSyntaxError {
  const rest = cursor.text.slice(cursor.at);
  if (rest === '') return new ShellSyntaxError('end of file unexpected', true);
  const [token = rest[0] ?? ''] = /^(?:\n|&&|\|\||;;|[;&|()<>]|[^\s;&|()<>]+)/.exec(rest) ?? [];
  return new ShellSyntaxError(`${token === '\n' ? 'newline' : `"${token}"`} unexpected`);
}
