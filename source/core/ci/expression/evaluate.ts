import { compileRegexp, type LinearRegexp } from '../regexp.ts';
import { ExpressionError, type Operator } from './lexer.ts';
import { type Expression, parseExpression } from './parser.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

type Value = string | boolean | LinearRegexp | null;

/**
 * Whether a `rules:if` expression holds, as GitLab's `Expression::Statement#truthful?` says: an absent, empty or blank
 * value does not. Throws `ExpressionError` when GitLab would refuse the expression.
 */
export function evaluateIf(text: string, variables: Variables): boolean {
  const tree = parseExpression(text);
  checkPatterns(tree);
  return present(evaluate(tree, variables));
}

function present(value: Value): boolean {
  return typeof value === 'string' ? value.trim() !== '' : value !== null && value !== false;
}

function evaluate(node: Expression, variables: Variables): Value {
  switch (node.kind) {
    case 'null':
      return null;
    case 'true':
    case 'false':
      return node.kind === 'true';
    case 'string':
      return node.text;
    case 'variable':
      return Object.hasOwn(variables, node.text) ? (variables[node.text] ?? null) : null;
    case 'pattern':
      return compile(node.text);
    case 'not':
      return !present(evaluate(node.of, variables));
    case 'operation':
      return operate(node.operator, evaluate(node.left, variables), () => evaluate(node.right, variables));
  }
}

function operate(operator: Operator, left: Value, right: () => Value): Value {
  if (operator === '&&') return isTrue(left) ? right() : left;
  if (operator === '||') return isTrue(left) ? left : right();
  if (operator === '==') return equal(left, right());
  if (operator === '!=') return !equal(left, right());
  const matched = matches(left, right());
  return operator === '=~' ? matched : !matched;
}

/** A boolean equals its own spelling, since variables hold only text. */
function equal(left: Value, right: Value): boolean {
  if (left === null || right === null) return left === right;
  if (typeof left === 'boolean' || typeof right === 'boolean') return String(left) === String(right);
  return left === right;
}

/** Ruby's truth: an empty string is true here, and only the whole expression asks whether it is blank. */
function isTrue(value: Value): boolean {
  return value !== null && value !== false;
}

/** A variable may hold a pattern with its slashes; any other text holds when it contains the left side. */
function matches(left: Value, right: Value): boolean {
  if (right === null || right === false || right === true) return false;
  const text = typeof left === 'string' ? left : left === null ? '' : String(left);
  if (typeof right !== 'string') return right.test(text);
  const pattern = asPattern(right);
  return pattern ? pattern.test(text) : right.includes(text);
}

function asPattern(text: string): LinearRegexp | undefined {
  try {
    return compile(text);
  } catch {
    return undefined;
  }
}

const shape = /^\/(.+)\/([ismU]*)$/s;

function compile(literal: string): LinearRegexp {
  const [, source, flags = ''] = shape.exec(literal.replaceAll('\\/', '/')) ?? [];
  if (source === undefined) throw new ExpressionError(`not a regular expression: ${literal}`);
  try {
    return compileRegexp(source, flags);
  } catch (cause) {
    throw new ExpressionError(`invalid regular expression ${literal}`, { cause });
  }
}

function checkPatterns(node: Expression): void {
  if (node.kind === 'pattern') compile(node.text);
  if (node.kind === 'not') checkPatterns(node.of);
  if (node.kind !== 'operation') return;
  checkPatterns(node.left);
  checkPatterns(node.right);
}
