import { expandAll, expandVariables } from './expand.ts';
import type { Variables } from './expression/evaluate.ts';
import type { MappingNode, Node } from './model.ts';
import { slugify } from './predefined.ts';
import { get, isNull, scalarText, textsOf } from './yaml/node.ts';

/** The values of a `variables` mapping. */
export function variablesOf(node: Node | undefined): Record<string, string> {
  const values: Record<string, string> = {};
  if (node?.kind !== 'mapping') return values;
  for (const [name, { value }] of node.entries) {
    values[name] = scalarText(value.kind === 'mapping' ? get(value, 'value') : value) ?? '';
  }
  return values;
}

/** The top-level variables that a job inherits. */
export function inheritedVariables(keywords: MappingNode, root: Variables): Variables {
  const inherit = get(get(keywords, 'inherit'), 'variables');
  if (inherit?.kind === 'scalar' && inherit.value === false) return {};
  if (inherit?.kind !== 'sequence') return root;
  const names = new Set(textsOf(inherit));
  return Object.fromEntries(Object.entries(root).filter(([name]) => names.has(name)));
}

/** `CI_ENVIRONMENT_*` of a job with an environment. */
export function environmentVariables(keywords: MappingNode, variables: Variables): Variables {
  const node = get(keywords, 'environment');
  if (!node || isNull(node)) return {};
  const expanded = expandAll(variables);
  const part = (key: string): string | undefined => {
    const text = scalarText(get(node, key));
    return text === undefined ? undefined : expandVariables(text, expanded, true);
  };
  const name =
    node.kind === 'scalar' ? expandVariables(String(node.value), expanded, true) : (part('name') ?? '');
  const url = part('url');
  return {
    CI_ENVIRONMENT_NAME: name,
    CI_ENVIRONMENT_SLUG: slugify(name),
    CI_ENVIRONMENT_ACTION: part('action') ?? 'start',
    CI_ENVIRONMENT_TIER: part('deployment_tier') ?? tierOf(name),
    ...(url === undefined ? {} : { CI_ENVIRONMENT_URL: url }),
  };
}

/** GitLab's `Environment#guess_tier`. */
function tierOf(name: string): string {
  if (/(dev|review|trunk)/i.test(name)) return 'development';
  if (/(test|tst|int|ac(ce|)pt|qa|qc|control|quality)/i.test(name)) return 'testing';
  if (/(st(a|)g|mod(e|)l|pre|demo|non)/i.test(name)) return 'staging';
  return /(pr(o|)d|live)/i.test(name) ? 'production' : 'other';
}
