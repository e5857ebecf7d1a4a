import type { ConfigurationError, Node } from '../model.ts';
import { isNull } from '../yaml/node.ts';

/** Collects what GitLab would refuse, in its words: `jobs:rspec:tags config should be an array of strings`. */
export interface Report {
  add(place: string, message: string, at: Node): void;
}

/** A check of a present value at a place such as `jobs:rspec:tags`. */
export type Check = (node: Node, place: string, report: Report) => void;

export function createReport(): Report & { readonly errors: ConfigurationError[] } {
  const errors: ConfigurationError[] = [];
  return {
    errors,
    add: (place, message, at) => void errors.push({ message: `${place} ${message}`.trim(), at: at.span }),
  };
}

/**
 * Checks a mapping's keys: each known one by its own check, when it is there and not null. An entry's own errors name the
 * key in the place (`cache:untracked config …`), an attribute's name it in the message (`artifacts when …`).
 */
export interface Keys {
  readonly entries?: Readonly<Record<string, Check>>;
  readonly attributes?: Readonly<Record<string, Check>>;
  /** Known keys without a check of their own. */
  readonly others?: readonly string[];
}

export function checkKeys(node: Node, place: string, report: Report, keys: Keys): void {
  if (node.kind !== 'mapping') {
    report.add(place, 'config should be a hash', node);
    return;
  }
  const { entries = {}, attributes = {}, others = [] } = keys;
  const unknown = [...node.entries.keys()].filter(
    (key) => !Object.hasOwn(entries, key) && !Object.hasOwn(attributes, key) && !others.includes(key),
  );
  if (unknown.length > 0) report.add(place, `config contains unknown keys: ${unknown.join(', ')}`, node);
  for (const [key, { value }] of node.entries) {
    if (isNull(value)) continue;
    if (Object.hasOwn(entries, key)) entries[key]?.(value, `${place}:${key}`, report);
    else if (Object.hasOwn(attributes, key))
      attributes[key]?.(value, `${place} ${key.replaceAll('_', ' ')}`, report);
  }
}

/** A mapping with these keys. */
export function hash(keys: Keys): Check {
  return (node, place, report) => checkKeys(node, place, report, keys);
}

/** Refuses keys that must not stand together. */
export function notTogether(node: Node, place: string, report: Report, ...keys: readonly string[]): void {
  if (node.kind !== 'mapping' || !keys.every((key) => node.entries.has(key))) return;
  report.add(place, `config these keys cannot be used together: ${keys.join(', ')}`, node);
}

export function requireKeys(node: Node, place: string, report: Report, ...keys: readonly string[]): void {
  if (node.kind !== 'mapping') return;
  const missing = keys.filter((key) => !node.entries.has(key));
  if (missing.length > 0) report.add(place, `config missing required keys: ${missing.join(', ')}`, node);
}
