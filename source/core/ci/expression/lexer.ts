/** What an expression of `rules:if` is made of. `position` counts characters from 0. */
export type Token =
  | { readonly kind: 'variable' | 'string' | 'pattern'; readonly text: string; readonly position: number }
  | { readonly kind: 'null' | 'true' | 'false' | 'not' | '(' | ')'; readonly position: number }
  | { readonly kind: 'operator'; readonly operator: Operator; readonly position: number };

export type Operator = '==' | '!=' | '=~' | '!~' | '&&' | '||';

/** An expression that GitLab refuses; the message says where and why. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

/** GitLab's own limit (`Expression::Lexer::MAX_TOKENS`): it gives up as soon as it has so many. */
const maxTokens = 100;

const lexemes: readonly (readonly [RegExp, (match: RegExpExecArray, position: number) => Token])[] = [
  [/\(/y, (_, position) => ({ kind: '(', position })],
  [/\)/y, (_, position) => ({ kind: ')', position })],
  [/\$(\w+)/y, (m, position) => ({ kind: 'variable', text: m[1] ?? '', position })],
  [/"(.*?)"|'(.*?)'/y, (m, position) => ({ kind: 'string', text: m[1] ?? m[2] ?? '', position })],
  [/\/(?:[^/]|\\\/)+[^\\]\/[ismU]*/y, (m, position) => ({ kind: 'pattern', text: m[0], position })],
  [/null/y, (_, position) => ({ kind: 'null', position })],
  [/true/y, (_, position) => ({ kind: 'true', position })],
  [/false/y, (_, position) => ({ kind: 'false', position })],
  [/==|=~|!=|!~|&&|\|\|/y, (m, position) => ({ kind: 'operator', operator: m[0] as Operator, position })],
  [/!/y, (_, position) => ({ kind: 'not', position })],
];

/** Splits an expression as GitLab's lexer does. Throws `ExpressionError` at the first character it does not know. */
export function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  let position = skipSpace(expression, 0);
  while (position < expression.length) {
    const found = next(expression, position);
    tokens.push(found.token);
    if (tokens.length === maxTokens) throw new ExpressionError('too many tokens');
    position = skipSpace(expression, found.end);
  }
  return tokens;
}

function next(expression: string, position: number): { token: Token; end: number } {
  for (const [pattern, make] of lexemes) {
    pattern.lastIndex = position;
    const match = pattern.exec(expression);
    if (match) return { token: make(match, position), end: position + match[0].length };
  }
  throw new ExpressionError(`unknown lexeme at character ${position + 1}: ${expression.slice(position)}`);
}

function skipSpace(text: string, from: number): number {
  let position = from;
  while (/\s/.test(text[position] ?? '')) position += 1;
  return position;
}
