import type { ConfigurationError, Node } from '../model.ts';
import { compileRegexp } from '../regexp.ts';
import { get, isNull, type Plain, plain, textOf } from '../yaml/node.ts';
import { hasRules, type Inputs, withRules } from './inputRules.ts';

export type InputType = 'string' | 'number' | 'boolean' | 'array';

const types: readonly string[] = ['string', 'number', 'boolean', 'array'];
const keys = new Set(['default', 'description', 'options', 'regex', 'rules', 'type']);

/**
 * The values of a file's `spec:inputs`: given ones checked against the specification, defaults for the rest.
 * `spec` is the header's `inputs` mapping.
 */
export function resolveInputs(
  spec: Node | undefined,
  given: Node | undefined,
): { inputs: Inputs; errors: ConfigurationError[] } {
  const errors: ConfigurationError[] = [];
  const inputs: Record<string, Plain> = {};
  const at = given?.span ?? spec?.span;
  const refuse = (message: string): void => void errors.push({ message, ...(at ? { at } : {}) });
  if (given && !isNull(given) && given.kind !== 'mapping') refuse('include:inputs config should be a hash');
  if (spec && !isNull(spec) && spec.kind !== 'mapping') refuse('header:spec:inputs config should be a hash');
  const declared =
    spec?.kind === 'mapping' ? [...spec.entries].map(([name, entry]) => [name, entry.value] as const) : [];
  const names = new Set(declared.map(([name]) => name));
  const order = [
    ...declared.filter(([, definition]) => !hasRules(definition)),
    ...declared.filter(([, definition]) => hasRules(definition)),
  ];
  for (const [name, definition] of order) {
    const problem = headerProblem(name, definition);
    if (problem !== undefined) {
      refuse(problem);
      continue;
    }
    const settled = hasRules(definition) ? withRules(definition, inputs) : definition;
    const { value, error } = resolveInput(settled, givenValue(given, name));
    if (error !== undefined) refuse(`\`${name}\` input: ${error}`);
    else if (value !== undefined) inputs[name] = value;
  }
  const unknown =
    given?.kind === 'mapping' ? [...given.entries.keys()].filter((name) => !names.has(name)) : [];
  if (unknown.length > 0) refuse(`unknown input arguments: ${unknown.join(', ')}`);
  return { inputs, errors };
}

/** GitLab's `ALLOWED_OPTIONS_LIMIT`. */
const maxOptions = 50;

const specKeys = new Set(['inputs', 'component', 'include', 'description']);

/** What GitLab refuses in a file's header beside its inputs. */
export function headerErrors(header: Node | undefined): ConfigurationError[] {
  if (header?.kind !== 'mapping') return [];
  const unknownOf = (node: Node, known: ReadonlySet<string>): string[] =>
    node.kind === 'mapping' ? [...node.entries.keys()].filter((key) => !known.has(key)) : [];
  const refuse = (place: string, unknown: string[], at: Node): ConfigurationError[] =>
    unknown.length > 0
      ? [{ message: `${place} config contains unknown keys: ${unknown.join(', ')}`, at: at.span }]
      : [];
  const spec = get(header, 'spec') ?? header;
  const isMapping = spec.kind === 'mapping' || isNull(spec);
  return [
    ...refuse('header', unknownOf(header, new Set(['spec'])), header),
    ...(isMapping ? [] : [{ message: 'header:spec config should be a hash', at: spec.span }]),
    ...(spec === header ? [] : refuse('header:spec', unknownOf(spec, specKeys), spec)),
  ];
}

function headerProblem(name: string, definition: Node): string | undefined {
  const place = `header:spec:inputs:${name}`;
  if (isNull(definition)) return undefined;
  if (definition.kind !== 'mapping') return `${place} config should be a hash`;
  const unknown = [...definition.entries.keys()].filter((key) => !keys.has(key));
  if (unknown.length > 0) return `${place} config contains unknown keys: ${unknown.join(', ')}`;
  const type = get(definition, 'type');
  if (type && !types.includes(String(plain(type))))
    return `${place} input type unknown value: ${String(plain(type))}`;
  const options = get(definition, 'options');
  if (hasRules(definition) && options && !isNull(options))
    return `${place} config these keys cannot be used together: rules, options`;
  if (options && options.kind !== 'sequence') return `${place} input options should be an array`;
  if (options?.kind === 'sequence' && options.items.length > maxOptions)
    return `${place} config cannot define more than ${maxOptions} options`;
  return undefined;
}

/** An input that is given as null is not given. */
function givenValue(given: Node | undefined, name: string): Node | undefined {
  const value = get(given, name);
  return isNull(value) ? undefined : value;
}

function resolveInput(definition: Node, given: Node | undefined): { value?: Plain; error?: string } {
  const fallback = get(definition, 'default');
  const type = (textOf(get(definition, 'type')) ?? 'string') as InputType;
  const fromDefault = fallback === undefined ? undefined : plain(fallback);
  if (given === undefined && fromDefault === undefined)
    return { error: 'required value has not been provided' };
  if (fromDefault !== undefined && fallback && !isNull(fallback)) {
    const error = problem(definition, type, fromDefault, 'default');
    if (error !== undefined) return { error };
  }
  if (given === undefined) return { value: fromDefault ?? null };
  const value = plain(given);
  const error = problem(definition, type, value, 'provided');
  return error === undefined ? { value } : { error };
}

function problem(
  definition: Node,
  type: InputType,
  value: Plain,
  which: 'default' | 'provided',
): string | undefined {
  if (!hasType(type, value)) return `${which} value is not ${type === 'array' ? 'an' : 'a'} ${type}`;
  const options = get(definition, 'options');
  if (options && !isNull(options) && type === 'boolean')
    return 'Options can only be used with string and number inputs';
  if (options?.kind === 'sequence' && !options.items.some((option) => plain(option) === value)) {
    const subject = which === 'default' ? `default value \`${value}\`` : `\`${value}\``;
    return `${subject} cannot be used because it is not in the list of allowed options`;
  }
  const regex = get(definition, 'regex');
  if (!regex || isNull(regex)) return undefined;
  if (type !== 'string') return 'RegEx validation can only be used with string inputs';
  try {
    if (compileRegexp(textOf(regex)?.replace(/^\/(.*)\/$/s, '$1') ?? '').test(String(value)))
      return undefined;
  } catch {
    return 'invalid regular expression';
  }
  return `${which} value does not match required RegEx pattern`;
}

function hasType(type: InputType, value: Plain): boolean {
  return type === 'array' ? Array.isArray(value) : typeof value === type;
}
