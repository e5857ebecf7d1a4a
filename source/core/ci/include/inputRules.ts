import { evaluateIf } from '../expression/evaluate.ts';
import { ExpressionError } from '../expression/lexer.ts';
import type { MappingNode, Node } from '../model.ts';
import { flatItems, get, isNull, type Plain, textOf, withoutKeys } from '../yaml/node.ts';

/** What an include was given, by name. */
export type Inputs = Readonly<Record<string, Plain>>;

/** Whether an input's options and default hang on other inputs (`spec:inputs:NAME:rules`). */
export function hasRules(definition: Node): definition is MappingNode {
  return definition.kind === 'mapping' && !isNull(get(definition, 'rules'));
}

/** The definition with what the first rule that holds says; a rule without `if` always holds. */
export function withRules(definition: MappingNode, inputs: Inputs): MappingNode {
  const base = withoutKeys(definition, 'rules');
  const rule = flatItems(get(definition, 'rules')).find((one) => holds(textOf(get(one, 'if')), inputs));
  if (rule?.kind !== 'mapping') return base;
  const said = [...rule.entries].filter(([key]) => key === 'options' || key === 'default');
  return { ...base, entries: new Map([...base.entries, ...said]) };
}

/** `$[[ inputs.NAME ]]` stands for the input's value, as a variable does in `rules:if`. */
function holds(condition: string | undefined, inputs: Inputs): boolean {
  if (condition === undefined) return true;
  const variables: Record<string, string> = {};
  const names = new Map<string, string>();
  const expression = condition.replace(/\$\[\[\s*inputs\.([\w-]+)\s*\]\]/g, (_, name: string) => {
    const variable = names.get(name) ?? `input_${names.size}`;
    names.set(name, variable);
    const value = inputs[name];
    if (value !== undefined && value !== null) variables[variable] = textOfInput(value);
    return `$${variable}`;
  });
  try {
    return evaluateIf(expression, variables);
  } catch (thrown) {
    if (thrown instanceof ExpressionError) return false;
    throw thrown;
  }
}

function textOfInput(value: Plain): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
