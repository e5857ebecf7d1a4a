import { type FoundValue, looksLikeValue, settingKind } from './settings.ts';
import { scanText } from './textScanner.ts';

/** A piece of a Nix expression, also of what is commented out; strings without their quotes. */
export interface Token {
  readonly kind: 'name' | 'string' | 'block' | 'symbol';
  readonly text: string;
  readonly at: number;
  readonly isCommented: boolean;
}

/** Finds the values of cache settings in a Nix expression: lists and strings, also in what is commented out. */
export function scanNix(text: string): FoundValue[] {
  const found: FoundValue[] = [];
  const tokens = nixTokens(text);
  let active: string | undefined;
  let commented: string | undefined;
  tokens.forEach((token, index) => {
    const { kind, isCommented } = token;
    const next = tokens[index + 1];
    const isAssigned = kind !== 'symbol' && next?.text === '=' && next.isCommented === isCommented;
    if (isAssigned) {
      const name = token.text.slice(token.text.lastIndexOf('.') + 1);
      const setting = settingKind(name) ? name : undefined;
      if (!isCommented) active = setting;
      commented = isCommented ? setting : undefined;
    } else if (token.text === ';' && kind === 'symbol') {
      if (isCommented) commented = undefined;
      else active = undefined;
    } else if (kind === 'string' || kind === 'block') {
      const setting = isCommented ? (commented ?? active) : active;
      if (setting !== undefined) found.push(...words(token, setting));
      else if (kind === 'block')
        for (const one of scanText(token.text))
          found.push({ ...one, at: one.at + token.at, isCommented: one.isCommented || isCommented });
    }
  });
  return found;
}

/** The tokens of a Nix expression, in order; those of comments among them. */
export function nixTokens(text: string): Token[] {
  const tokens: Token[] = [];
  tokenize(text, 0, text.length, false, tokens);
  return tokens;
}

function words({ text, at, isCommented }: Token, setting: string): FoundValue[] {
  const kind = settingKind(setting) ?? 'key';
  return [...text.matchAll(/\S+/g)]
    .filter(([word]) => !isCommented || looksLikeValue(kind, word))
    .map((match) => ({ setting, text: match[0], at: at + match.index, isCommented }));
}

/** Comments are read as Nix once more, each line for itself, since what is commented out is mostly Nix. */
function tokenize(text: string, from: number, to: number, isCommented: boolean, into: Token[]): void {
  for (let at = from; at < to; ) {
    const character = text.charAt(at);
    const add = (kind: Token['kind'], start: number, end: number): void => {
      into.push({ kind, text: text.slice(start, end), at: start, isCommented });
    };
    if (/\s/.test(character) || (isCommented && character === '#')) at++;
    else if (character === '#') {
      const end = endOf(text, '\n', at, to);
      tokenize(text, at + 1, end, true, into);
      at = end;
    } else if (text.startsWith('/*', at)) {
      const end = endOf(text, '*/', at + 2, to);
      if (!isCommented) tokenize(text, at + 2, end, true, into);
      at = end + 2;
    } else if (character === '"') {
      const end = stringEnd(text, at + 1, isCommented ? endOf(text, '\n', at, to) : to);
      if (end !== undefined) add('string', at + 1, end);
      at = (end ?? at) + 1;
    } else if (text.startsWith("''", at)) {
      const end = blockEnd(text, at + 2, to);
      if (end !== undefined) add('block', at + 2, end);
      at = (end ?? at) + 2;
    } else {
      const [name] = nameAt(text, at) ?? [];
      add(name === undefined ? 'symbol' : 'name', at, at + (name ?? character).length);
      at += (name ?? character).length;
    }
  }
}

function nameAt(text: string, at: number): RegExpExecArray | null {
  const shape = /[A-Za-z_][\w'.-]*/y;
  shape.lastIndex = at;
  return shape.exec(text);
}

function endOf(text: string, mark: string, from: number, to: number): number {
  const end = text.indexOf(mark, from);
  return end < 0 || end > to ? to : end;
}

function stringEnd(text: string, from: number, to: number): number | undefined {
  for (let at = from; at < to; at++) {
    if (text.charAt(at) === '\\') at++;
    else if (text.charAt(at) === '"') return at;
  }
  return undefined;
}

/** The `''` that ends an indented string: not one of `'''`, `''$` and `''\`. */
function blockEnd(text: string, from: number, to: number): number | undefined {
  for (let at = text.indexOf("''", from); at >= 0 && at < to; at = text.indexOf("''", at)) {
    if (!/['$\\]/.test(text.charAt(at + 2))) return at;
    at += 3;
  }
  return undefined;
}
