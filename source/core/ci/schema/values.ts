import type { Node } from '../model.ts';
import { scalarText, textOf } from '../yaml/node.ts';
import { parseDuration } from './duration.ts';
import type { Check } from './report.ts';

type Test = (node: Node) => boolean;

export const isString: Test = (node) => textOf(node) !== undefined;
export const isInteger: Test = (node) =>
  node.kind === 'scalar' && Number.isInteger(node.value) && node.isFloat !== true;
const isBoolean: Test = (node) => node.kind === 'scalar' && typeof node.value === 'boolean';
export const isStrings: Test = (node) => node.kind === 'sequence' && node.items.every(isString);
/** GitLab's `alphanumeric`: text or an integer; a fraction is neither. */
export const isAlphanumeric: Test = (node) => isString(node) || isInteger(node);

const either =
  (...tests: readonly Test[]): Test =>
  (node) =>
    tests.some((test) => test(node));

/** The value must pass; `subject` is `config` for an entry and nothing for an attribute, whose place names it. */
function must(test: Test, message: string, subject = ''): Check {
  const text = subject === '' ? message : `${subject} ${message}`;
  return (node, place, report) => {
    if (!test(node)) report.add(place, text, node);
  };
}

/** Checks of a value, first as an attribute, then as an entry of its own. */
function both(test: Test, message: string): { attribute: Check; entry: Check } {
  return { attribute: must(test, message), entry: must(test, message, 'config') };
}

export const string = both(isString, 'should be a string');
export const boolean = both(isBoolean, 'should be a boolean value');
export const strings = both(isStrings, 'should be an array of strings');
export const stringsOrString = both(either(isStrings, isString), 'should be an array of strings or a string');
export const integers = both(
  either(isInteger, (node) => node.kind === 'sequence' && node.items.every(isInteger)),
  'should be an array of integers or an integer',
);
export const mapping = both((node) => node.kind === 'mapping', 'should be a hash');

/** Strings in sequences of sequences, `script` and its kin. GitLab goes ten levels deep. */
function isNestedStrings(node: Node, depth = 10): boolean {
  if (node.kind !== 'sequence' || depth < 1) return false;
  return node.items.every((item) => isString(item) || isNestedStrings(item, depth - 1));
}

export const commands: Check = must(
  either(isString, isNestedStrings),
  'should be a string or a nested array of strings up to 10 levels deep',
  'config',
);

export const stageNames: Check = must(
  isNestedStrings,
  'should be an array of strings or a nested array of strings up to 10 levels deep',
  'config',
);

/** One of a few words; text that is none, or no text at all, is told apart as GitLab does. */
export function oneOf(words: readonly string[], sentence = `should be one of: ${words.join(', ')}`): Check {
  return (node, place, report) => {
    if (!isString(node)) report.add(place, 'should be a string', node);
    if (!words.includes(textOf(node) ?? '')) report.add(place, sentence, node);
  };
}

/** A duration of at most `limit` seconds. `subject` as in GitLab's message. */
export function duration(
  limit = Number.POSITIVE_INFINITY,
  subject = '',
  words: readonly string[] = [],
): Check {
  const prefix = subject === '' ? '' : `${subject} `;
  return (node, place, report) => {
    const text = scalarText(node) ?? '';
    if (words.includes(text)) return;
    // GitLab takes a number for no duration, though its text would be one.
    const seconds = isString(node) ? parseDuration(text) : undefined;
    if (seconds === undefined) report.add(place, `${prefix}should be a duration`, node);
    else if (seconds > limit) report.add(place, `${prefix}should not exceed the limit`, node);
  };
}

export const week = 7 * 86_400;
export const month = 30 * 86_400;
