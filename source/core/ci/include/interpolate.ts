import { expandVariables } from '../expand.ts';
import type { Variables } from '../expression/evaluate.ts';
import type { Entry, Node } from '../model.ts';
import { loadYaml } from '../yaml/load.ts';
import type { Plain } from '../yaml/node.ts';
import type { Inputs } from './inputRules.ts';

/** A block that cannot be replaced; the message is GitLab's. */
export class InterpolationError extends Error {
  override readonly name = 'InterpolationError';
}

/** GitLab's `Interpolation::Block::PATTERN`: what is too short to name anything is no block. */
const block = /\$\[\[\s*(\S.*?\S)\s*\]\]/g;

/** GitLab's `Interpolation::Block::MAX_FUNCTIONS`. */
const maxFunctions = 3;

/** Blocks that are filled later, when a job is expanded. */
const later = /^(?:matrix|job)\./;

/**
 * Replaces `$[[ inputs.name | function ]]` in keys and values. GitLab does so in the text before it parses it, so an
 * unquoted value takes the type of what it becomes. `plainScalars` are the unquoted ones. Throws `InterpolationError`.
 */
export function interpolate(
  root: Node,
  inputs: Inputs,
  variables: Variables,
  plainScalars: ReadonlySet<Node>,
): Node {
  const fill = (text: string): string =>
    text.replace(block, (whole: string, expression: string) =>
      later.test(expression) ? whole : asText(evaluateBlock(expression, inputs, variables)),
    );
  const visit = (node: Node): Node => {
    switch (node.kind) {
      case 'scalar': {
        if (typeof node.value !== 'string' || !node.value.includes('$[[')) return node;
        const text = fill(node.value);
        return plainScalars.has(node) && text !== node.value ? reparse(text, node) : { ...node, value: text };
      }
      case 'sequence':
        return { ...node, items: node.items.map(visit) };
      case 'mapping': {
        const entries = new Map<string, Entry>();
        for (const [key, entry] of node.entries)
          entries.set(fill(key), { ...entry, value: visit(entry.value) });
        return { ...node, entries };
      }
      case 'reference':
        return { ...node, path: node.path.map(fill) };
    }
  };
  return visit(root);
}

/**
 * Every block of a file with a header must be one that can be replaced, those in comments too. Throws `InterpolationError`.
 */
export function checkBlocks(text: string, inputs: Inputs, variables: Variables): void {
  const body = text.split(/^---\s+/m).at(-1) ?? '';
  for (const [, expression = ''] of body.matchAll(block))
    if (!later.test(expression)) evaluateBlock(expression, inputs, variables);
}

function asText(value: Plain): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}

/** What the text is as YAML, with every part at the place of the scalar that held the block. */
function reparse(text: string, at: Node): Node {
  const { documents, errors } = loadYaml(at.span.file, text);
  const [document] = documents;
  if (errors.length > 0 || documents.length !== 1 || !document)
    return { kind: 'scalar', value: text, span: at.span };
  const move = (node: Node): Node => {
    if (node.kind === 'sequence') return { ...node, items: node.items.map(move), span: at.span };
    if (node.kind !== 'mapping') return { ...node, span: at.span };
    const entries = [...node.entries].map(
      ([key, entry]) => [key, { key: at.span, value: move(entry.value) }] as const,
    );
    return { ...node, entries: new Map(entries), span: at.span };
  };
  return move(document);
}

function evaluateBlock(expression: string, inputs: Inputs, variables: Variables): Plain {
  const [access = '', ...functions] = expression.split('|').map((part) => part.trim());
  if (functions.length > maxFunctions)
    throw new InterpolationError('too many functions in interpolation block');
  let value = read(access, inputs);
  for (const call of functions) value = apply(call, value, variables);
  return value;
}

function read(access: string, inputs: Inputs): Plain {
  const [scope, ...path] = access.split(/\.|\[(\d+)\]/).filter((part) => part !== undefined && part !== '');
  if (scope !== 'inputs')
    throw new InterpolationError(`unknown interpolation provided: \`${scope ?? ''}\` in \`${access}\``);
  if (path.length === 0)
    throw new InterpolationError(
      'invalid pattern used for interpolation. valid pattern is $[[ inputs.input ]]',
    );
  let value: Plain | undefined = inputs as Record<string, Plain>;
  for (const key of path) {
    const container: Plain | undefined = value;
    value =
      typeof container === 'object' && container !== null && Object.hasOwn(container, key)
        ? (container as Record<string, Plain>)[key]
        : undefined;
    if (value === undefined) throw new InterpolationError(`unknown interpolation key: \`${key}\``);
  }
  return value ?? null;
}

function apply(call: string, value: Plain, variables: Variables): Plain {
  const name = /^\w+/.exec(call)?.[0] ?? call;
  const text = (): string => {
    if (typeof value === 'string') return value;
    throw new InterpolationError(
      `error in \`${name}\` function: invalid input type: ${name} can only be used with string inputs`,
    );
  };
  if (call === 'expand_vars') return expandVariables(text(), variables, true);
  if (call === 'posix_escape')
    return (
      text()
        .replace(/[^A-Za-z0-9_\-.,:+/@\n]/g, '\\$&')
        .replaceAll('\n', "'\n'") || "''"
    );
  const [, offset, length] = /^truncate\(\s*(\d+)\s*,\s*(\d+)\s*\)$/.exec(call) ?? [];
  if (offset !== undefined) return text().slice(Number(offset), Number(offset) + Number(length));
  throw new InterpolationError(
    `no function matching \`${call}\`: check that the function name, arguments, and types are correct`,
  );
}
