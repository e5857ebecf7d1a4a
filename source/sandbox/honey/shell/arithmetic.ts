import { ShellSyntaxError } from './syntax.ts';

const levels: readonly (readonly string[])[] = [
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** The value of `$((…))`: whole numbers, names, parentheses, comparison and the four operations. */
export function evaluateArithmetic(text: string, lookUp: (name: string) => string): number {
  const tokens = text.match(/\d+|[A-Za-z_]\w*|[=!<>]=|[-+*/%<>()$]/g) ?? [];
  let at = 0;
  const primary = (): number => {
    const token = tokens[at++];
    if (token === '-') return -primary();
    if (token === '+' || token === '$') return primary();
    if (token === '(') {
      const value = level(0);
      if (tokens[at++] !== ')') throw new ShellSyntaxError('arithmetic expression: expecting `)`');
      return value;
    }
    if (token === undefined) throw new ShellSyntaxError('arithmetic expression: expecting primary');
    return Number.parseInt(/^\d/.test(token) ? token : lookUp(token), 10) || 0;
  };
  const level = (index: number): number => {
    const operators = levels[index];
    if (!operators) return primary();
    let left = level(index + 1);
    for (;;) {
      const operator = tokens[at] ?? '';
      if (!operators.includes(operator)) return left;
      at++;
      left = apply(operator, left, level(index + 1));
    }
  };
  return tokens.length === 0 ? 0 : level(0);
}

function apply(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
    case '%':
      if (right === 0) throw new ShellSyntaxError('arithmetic expression: division by zero');
      return operator === '/' ? Math.trunc(left / right) : left % right;
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '<':
      return Number(left < right);
    case '>':
      return Number(left > right);
    case '<=':
      return Number(left <= right);
    default:
      return Number(left >= right);
  }
}
