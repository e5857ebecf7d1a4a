import type { FileSystem, User } from '../fileSystem.ts';
import { resolvePath } from '../fileSystem.ts';
import { evaluateArithmetic } from './arithmetic.ts';
import type { ShellState } from './context.ts';
import { globPattern, removePrefix, removeSuffix } from './pattern.ts';
import type { List, Part, Word } from './syntax.ts';
import { ShellSyntaxError } from './syntax.ts';

export interface Expander {
  readonly shell: ShellState;
  readonly files: FileSystem;
  readonly user: User;
  /** Standard output of a command substitution. */
  readonly capture: (script: List) => Promise<string>;
}

interface Piece {
  readonly text: string;
  readonly quoted: boolean;
  /** The pieces of `"$@"` stand in fields of their own. */
  readonly separate?: boolean;
}

/** The fields that words stand for: expanded, split, globbed. */
export async function expandWords(words: readonly Word[], expander: Expander): Promise<string[]> {
  const fields: string[] = [];
  for (const word of words) {
    const pieces = await piecesOf(word, expander);
    for (const field of split(pieces)) fields.push(...glob(field, expander));
  }
  return fields;
}

/** One field, neither split nor globbed: for assignments, redirections and here-documents. */
export async function expandToText(word: Word, expander: Expander): Promise<string> {
  const pieces = await piecesOf(word, expander);
  return pieces.map(({ text, separate }, index) => (separate && index > 0 ? ` ${text}` : text)).join('');
}

/** One pattern, in which what was quoted stands for itself. */
export async function expandToPattern(word: Word, expander: Expander): Promise<string> {
  return (await piecesOf(word, expander)).map(escapeQuoted).join('');
}

function escapeQuoted({ text, quoted }: Piece): string {
  return quoted ? text.replace(/[*?[\]\\]/g, '\\$&') : text;
}

async function piecesOf(word: Word, expander: Expander): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const [index, part] of word.entries()) pieces.push(...(await expandPart(part, index === 0, expander)));
  return pieces;
}

async function expandPart(part: Part, isFirst: boolean, expander: Expander): Promise<Piece[]> {
  const { quoted } = part;
  switch (part.kind) {
    case 'text':
      return [{ text: isFirst && !quoted ? tilde(part.text, expander) : part.text, quoted }];
    case 'command':
      return [{ text: (await expander.capture(part.script)).replace(/\n+$/, ''), quoted }];
    case 'arithmetic': {
      const text = await expandToText(part.text, expander);
      return [
        { text: String(evaluateArithmetic(text, (name) => parameterOf(name, expander) ?? '')), quoted },
      ];
    }
    case 'parameter':
      if ((part.name === '@' || (part.name === '*' && !quoted)) && !part.operator && !part.length) {
        const all = expander.shell.arguments.slice(1);
        return all.map((text, index) => ({ text, quoted, separate: index > 0 }));
      }
      return [{ text: await parameter(part, expander), quoted }];
  }
}

async function parameter(part: Extract<Part, { kind: 'parameter' }>, expander: Expander): Promise<string> {
  const { name, operator, word = [] } = part;
  const value = parameterOf(name, expander);
  if (part.length) return String([...(value ?? '')].length);
  if (!operator) return value ?? '';
  const isColon = operator.startsWith(':');
  const isMissing = value === undefined || (isColon && value === '');
  const text = (): Promise<string> => expandToText(word, expander);
  const pattern = (): Promise<string> => expandToPattern(word, expander);
  switch (operator.replace(':', '')) {
    case '-':
      return isMissing ? text() : value;
    case '+':
      return isMissing ? '' : text();
    case '=': {
      if (!isMissing) return value;
      const given = await text();
      expander.shell.variables.set(name, given);
      return given;
    }
    case '?':
      if (isMissing) throw new ShellSyntaxError(`${name}: ${(await text()) || 'parameter not set'}`);
      return value;
    default:
      return operator.startsWith('%')
        ? removeSuffix(value ?? '', await pattern(), operator === '%%')
        : removePrefix(value ?? '', await pattern(), operator === '##');
  }
}

function parameterOf(name: string, { shell }: Expander): string | undefined {
  switch (name) {
    case '?':
      return String(shell.status);
    case '$':
      return '4242';
    case '#':
      return String(shell.arguments.length - 1);
    case '@':
    case '*':
      return shell.arguments.slice(1).join(' ');
    case '!':
    case '-':
      return '';
    default:
      return /^\d+$/.test(name) ? shell.arguments[Number(name)] : shell.variables.get(name);
  }
}

function tilde(text: string, { user, shell }: Expander): string {
  if (text !== '~' && !text.startsWith('~/')) return text;
  return (shell.variables.get('HOME') ?? user.home) + text.slice(1);
}

/** Fields of a word, each of pieces that still know whether they were quoted. */
function split(pieces: readonly Piece[]): Piece[][] {
  const fields: Piece[][] = [];
  let field: Piece[] | undefined;
  const end = (): void => {
    if (field) fields.push(field);
    field = undefined;
  };
  for (const piece of pieces) {
    if (piece.separate) end();
    if (piece.quoted) {
      field = [...(field ?? []), piece];
      continue;
    }
    for (const [index, text] of piece.text.split(/[ \t\n]+/).entries()) {
      if (index > 0) end();
      if (text !== '') field = [...(field ?? []), { text, quoted: false }];
    }
  }
  end();
  return fields;
}

function glob(field: readonly Piece[], { files, shell, user }: Expander): string[] {
  const text = field.map((piece) => piece.text).join('');
  if (!field.some((piece) => !piece.quoted && /[*?[]/.test(piece.text))) return [text];
  const escaped = field.map(escapeQuoted).join('');
  let found = [text.startsWith('/') ? '/' : ''];
  for (const segment of escaped.split('/').filter(Boolean)) {
    const pattern = globPattern(segment);
    found = found.flatMap((base) => {
      const path = resolvePath(shell.cwd, base || '.');
      try {
        const node = files.find(path, user);
        if (node.kind !== 'directory') return [];
        const names = [...node.entries.keys()].filter(
          (name) => pattern.test(name) && (segment.startsWith('.') || !name.startsWith('.')),
        );
        return names
          .sort()
          .map((name) => (base === '' || base.endsWith('/') ? base + name : `${base}/${name}`));
      } catch {
        return [];
      }
    });
  }
  return found.length > 0 ? found : [text];
}
