import { ExpressionError, type Operator, type Token, tokenize } from './lexer.ts';

export type Expression =
  | { readonly kind: 'variable' | 'string' | 'pattern'; readonly text: string }
  | { readonly kind: 'null' | 'true' | 'false' }
  | { readonly kind: 'not'; readonly of: Expression }
  | {
      readonly kind: 'operation';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    };

/** Comparisons bind tighter than `&&`, and `&&` tighter than `||`; equals associate to the left. */
const precedence: Readonly<Record<Operator, number>> = {
  '==': 3,
  '!=': 3,
  '=~': 3,
  '!~': 3,
  '&&': 2,
  '||': 1,
};

/** One expression often stands in many jobs, and is evaluated for each of their instances. */
const parsed = new Map<string, Expression>();
const maxParsed = 1_000;

/** The tree of a `rules:if` expression. Throws `ExpressionError` for what GitLab calls an invalid expression syntax. */
export function parseExpression(text: string): Expression {
  const known = parsed.get(text);
  if (known) return known;
  const tree = parse(text);
  if (parsed.size >= maxParsed) parsed.clear();
  parsed.set(text, tree);
  return tree;
}

function parse(text: string): Expression {
  const tokens = tokenize(text);
  if (tokens.length === 0) throw new ExpressionError('the expression is empty');
  let at = 0;

  const operand = (): Expression => {
    const token = tokens[at];
    at += 1;
    if (!token) throw new ExpressionError('a value is missing at the end');
    if (token.kind === '(') {
      const inner = operation(1);
      if (tokens[at]?.kind !== ')') throw new ExpressionError('a parenthesis is not closed');
      at += 1;
      return inner;
    }
    if (token.kind === 'not') return { kind: 'not', of: operand() };
    if (token.kind === 'operator' || token.kind === ')') throw unexpected(token);
    return 'text' in token ? { kind: token.kind, text: token.text } : { kind: token.kind };
  };

  const operation = (least: number): Expression => {
    let left = operand();
    for (;;) {
      const token = tokens[at];
      if (token?.kind !== 'operator' || precedence[token.operator] < least) return left;
      at += 1;
      const right = operation(precedence[token.operator] + 1);
      left = { kind: 'operation', operator: token.operator, left, right };
      checkOperands(token.operator, right);
    }
  };

  const tree = operation(1);
  const rest = tokens[at];
  if (rest) throw unexpected(rest);
  return tree;
}

function checkOperands(operator: Operator, right: Expression): void {
  const matches = operator === '=~' || operator === '!~';
  if (matches && right.kind === 'null') throw new ExpressionError(`${operator} needs a regular expression`);
}

function unexpected(token: Token): ExpressionError {
  const text = token.kind === 'operator' ? token.operator : token.kind;
  return new ExpressionError(`unexpected ${text} at character ${token.position + 1}`);
}
