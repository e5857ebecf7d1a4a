import { resolveExtends } from './extends.ts';
import { expandIncludes } from './include/expand.ts';
import type { Configuration, ConfigurationError, Entry, JobDefinition, MappingNode } from './model.ts';
import { resolveReferences } from './reference.ts';
import type { ConditionContext } from './rules/condition.ts';
import { defaultKeywords } from './schema/job.ts';
import { checkRoot, globalDefaults, jobEntries, jobKind } from './schema/root.ts';
import { get, isNull, textsOf } from './yaml/node.ts';

/** GitLab's stages where a configuration names none. */
const defaultStages = ['build', 'test', 'deploy'];

/**
 * Reads a configuration as GitLab does: includes, then `extends`, then `!reference`, then `default`. The context is what
 * `include:rules` look at. Never throws for what the files hold: `errors` say why no pipeline can be created.
 */
export function resolveConfiguration(entry: string, context: ConditionContext): Configuration {
  const expanded = expandIncludes(entry, context);
  const empty = { root: emptyRoot, stages: [], jobs: new Map<string, JobDefinition>() };
  const { files, unresolved } = expanded;
  if (!expanded.root) return { ...empty, files, unresolved, errors: expanded.errors };
  const hidden = unresolved.length > 0;
  const missing = (text: string): void =>
    context.assume(`an unresolved include defines what is missing here: ${text}`);
  const extended = resolveExtends(expanded.root, hidden ? missing : undefined);
  const resolved = resolveReferences(extended.root, hidden ? missing : undefined);
  const before = [...expanded.errors, ...extended.errors, ...resolved.errors];
  const errors =
    before.length > 0
      ? before
      : checkRoot(resolved.root).filter((error) => !(hidden && mayBeElsewhere(error)));
  return {
    root: resolved.root,
    stages: stagesOf(resolved.root),
    jobs: jobsOf(resolved.root, hidden),
    files,
    unresolved,
    errors,
  };
}

const emptyRoot: MappingNode = {
  kind: 'mapping',
  entries: new Map(),
  span: { file: '', line: 1, column: 1, start: 0, end: 0 },
};

/** A job may get its script from an include that is not here. */
function mayBeElsewhere({ message }: ConfigurationError): boolean {
  return /should implement the script|at least one visible job/.test(message);
}

function stagesOf(root: MappingNode): string[] {
  const given = get(root, 'stages');
  const named = given && !isNull(given) ? textsOf(given) : defaultStages;
  return ['.pre', ...new Set(named.filter((stage) => stage !== '.pre' && stage !== '.post')), '.post'];
}

/** With includes missing, a job without a script that extends something counts: its script may be there. */
function jobsOf(root: MappingNode, hidden: boolean): Map<string, JobDefinition> {
  const defaults = defaultsOf(root);
  const jobs = new Map<string, JobDefinition>();
  for (const [name, { key, value }] of jobEntries(root)) {
    const kind = jobKind(name, value);
    if (value.kind !== 'mapping' || kind === 'hidden') continue;
    if (kind === 'unknown' && !(hidden && value.entries.has('extends'))) continue;
    jobs.set(name, { name, at: key, keywords: kind === 'bridge' ? value : withDefaults(value, defaults) });
  }
  return jobs;
}

function defaultsOf(root: MappingNode): Map<string, Entry> {
  const defaults = new Map<string, Entry>();
  for (const name of globalDefaults) {
    const entry = root.entries.get(name);
    if (entry && !isNull(entry.value)) defaults.set(name, entry);
  }
  const own = get(root, 'default');
  if (own?.kind !== 'mapping') return defaults;
  for (const [name, entry] of own.entries) {
    if (Object.hasOwn(defaultKeywords, name) && !isNull(entry.value)) defaults.set(name, entry);
  }
  return defaults;
}

function withDefaults(job: MappingNode, defaults: ReadonlyMap<string, Entry>): MappingNode {
  const inherit = get(get(job, 'inherit'), 'default');
  const inherits = (name: string): boolean => {
    if (inherit?.kind === 'sequence') return textsOf(inherit).includes(name);
    return !(inherit?.kind === 'scalar' && inherit.value === false);
  };
  const missing = [...defaults].filter(([name]) => !job.entries.has(name) && inherits(name));
  return missing.length === 0 ? job : { ...job, entries: new Map([...job.entries, ...missing]) };
}
