import type { Node } from '../model.ts';
import { get, isNull, plain } from '../yaml/node.ts';
import type { Check } from './report.ts';
import { isAlphanumeric, isStrings } from './values.ts';

/** `variables` of the top level, whose definitions may have a description and options. */
export const rootVariables: Check = (node, place, report) =>
  variables(node, place, report, ['value', 'description', 'expand', 'options']);

/** `variables` of a job, a rule or a service. */
export const jobVariables: Check = (node, place, report) =>
  variables(node, place, report, ['value', 'expand']);

function variables(node: Node, place: string, report: Parameters<Check>[2], keys: readonly string[]): void {
  if (node.kind !== 'mapping') {
    report.add(place, 'config should be a hash', node);
    return;
  }
  for (const [name, { value }] of node.entries) {
    if (/^[[{]/.test(name))
      report.add(`${place}:${name}`, 'config key must be an alphanumeric string', value);
    if (isNull(value) || isAlphanumeric(value)) continue;
    if (value.kind !== 'mapping') {
      report.add('', `${place}:${name} variable definition must be either a string or a hash`, value);
      continue;
    }
    definition(value, `${place}:${name}`, report, keys);
  }
}

function definition(
  node: Node & { kind: 'mapping' },
  place: string,
  report: Parameters<Check>[2],
  keys: readonly string[],
): void {
  const invalid = [...node.entries.keys()].filter((key) => !keys.includes(key));
  if (invalid.length > 0) report.add(place, `config uses invalid data keys: ${invalid.join(', ')}`, node);
  const value = get(node, 'value');
  if (value && !isNull(value) && !isAlphanumeric(value))
    report.add(place, 'config value must be an alphanumeric string', value);
  const description = get(node, 'description');
  if (description && !isNull(description) && !isAlphanumeric(description)) {
    report.add(place, 'config description must be an alphanumeric string', description);
  }
  const expand = get(node, 'expand');
  if (expand && !(expand.kind === 'scalar' && typeof expand.value === 'boolean')) {
    report.add(place, 'config expand must be a boolean value', expand);
  }
  const options = get(node, 'options');
  if (!options || isNull(options)) return;
  if (options.kind !== 'sequence' || !isStrings(options)) {
    report.add(place, 'config options must be an array of strings', options);
  } else if (!value || !options.items.some((option) => plain(option) === plain(value))) {
    report.add(place, 'config value must be present in options', node);
  }
}
