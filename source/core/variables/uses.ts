import type { Configuration, Node, Place } from '../ci/model.ts';
import { placeOfLine } from '../ci/yaml/node.ts';

/** A place of the CI configuration that reads a variable. */
export interface VariableUse {
  readonly key: string;
  readonly at: Place;
  /** The job that reads it; absent at the top level. */
  readonly job?: string;
}

/** `$KEY`, `${KEY}`, `${KEY:-…}`, `${#KEY}`, `%KEY%` is left to Windows; `$$` is an escaped dollar. */
const reference = /\$\$|\$(?:\{[#!]?([A-Za-z_]\w*)[^}]*\}|([A-Za-z_]\w*))/g;

/** Every variable that the jobs and the top level of a configuration read, each place once. */
export function variableUses(configuration: Configuration): VariableUse[] {
  const seen = new Set<string>();
  const uses: VariableUse[] = [];
  const collect = (node: Node, job?: string): void => {
    if (node.kind === 'sequence') for (const item of node.items) collect(item, job);
    else if (node.kind === 'mapping') for (const { value } of node.entries.values()) collect(value, job);
    else if (node.kind === 'scalar' && typeof node.value === 'string' && node.value.includes('$'))
      for (const { key, line } of references(node.value)) {
        const at = placeOfLine(node, line);
        const id = `${key}\0${at.file}\0${at.line}\0${job ?? ''}`;
        if (seen.has(id)) continue;
        seen.add(id);
        uses.push({ key, at, ...(job === undefined ? {} : { job }) });
      }
  };
  for (const [key, { value }] of configuration.root.entries)
    if (key === 'variables' || key === 'workflow' || key === 'default') collect(value);
  for (const { name, keywords } of configuration.jobs.values()) collect(keywords, name);
  return uses;
}

/** Keys that a text refers to, with the line of the text, from 0. */
function references(text: string): { key: string; line: number }[] {
  return [...text.matchAll(reference)].flatMap((match) => {
    const key = match[1] ?? match[2];
    if (key === undefined) return [];
    const before = text.slice(0, match.index);
    return [{ key, line: before.split('\n').length - 1 }];
  });
}
