import {
  expectName,
  hasHeredocs,
  parseRedirect,
  parseRedirects,
  peekName,
  skipBlanks,
  skipLines,
  takeName,
  unexpected,
} from './scanner.ts';
import {
  type AndOr,
  type Command,
  type List,
  type Pipeline,
  type Redirect,
  ShellSyntaxError,
  type Word,
} from './syntax.ts';
import { type Cursor, readWord } from './words.ts';

/** Reserved words that end a list where they stand first in a command. */
const closing = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}']);

type Compound = Exclude<Command, { readonly kind: 'simple' }>;
/** Redirections are read after the rest. */
const noRedirects: readonly Redirect[] = [];

/** Parses the text of a POSIX shell command, without jobs. Throws `ShellSyntaxError`. */
export function parseShell(text: string): List {
  const cursor: Cursor = { text, at: 0 };
  const list = parseList(cursor, '');
  if (cursor.at < text.length) throw unexpected(cursor);
  if (hasHeredocs(cursor)) throw new ShellSyntaxError('unterminated here-document', true);
  return list;
}

function parseList(cursor: Cursor, until: string): List {
  const list: AndOr[] = [];
  for (;;) {
    skipLines(cursor, parseList);
    const letter = cursor.text[cursor.at];
    if (letter === undefined || letter === until || closing.has(peekName(cursor))) return list;
    if (cursor.text.startsWith(';;', cursor.at)) return list;
    const first = parsePipeline(cursor);
    const rest: [operator: '&&' | '||', pipeline: Pipeline][] = [];
    for (;;) {
      const operator = (['&&', '||'] as const).find((one) => cursor.text.startsWith(one, cursor.at));
      if (!operator) break;
      cursor.at += 2;
      skipLines(cursor, parseList);
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
    skipLines(cursor, parseList);
    commands.push(parseCommand(cursor));
  }
  return { negated, commands };
}

function parseCommand(cursor: Cursor): Command {
  skipBlanks(cursor);
  const compound = parseCompound(cursor);
  if (compound) return { ...compound, redirects: parseRedirects(cursor, parseList) };
  const assignments: [string, Word][] = [];
  const words: Word[] = [];
  const redirects: Redirect[] = [];
  for (;;) {
    skipBlanks(cursor);
    const redirect = parseRedirect(cursor, parseList);
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
  skipLines(cursor, parseList);
  return { kind: 'function', name, body: parseCommand(cursor), redirects: noRedirects };
}

function parseCase(cursor: Cursor): Compound {
  skipBlanks(cursor);
  const subject = readWord(cursor, parseList) ?? [];
  skipLines(cursor, parseList);
  expectName(cursor, 'in');
  const clauses: [readonly Word[], List][] = [];
  for (;;) {
    skipLines(cursor, parseList);
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
  skipLines(cursor, parseList);
  expectName(cursor, 'do');
  const body = parseList(cursor, '');
  expectName(cursor, 'done');
  return body;
}
