import type { ConfigurationError, MappingNode, Node } from '../model.ts';
import { get, isNull } from '../yaml/node.ts';
import { cache } from './cache.ts';
import { image, services } from './image.ts';
import { checkBridge, checkDefault, checkHidden, checkJob } from './job.ts';
import { type Check, checkKeys, createReport, type Report } from './report.ts';
import { autoCancel, workflowRules } from './rules.ts';
import { commands, isString, stageNames } from './values.ts';
import { rootVariables } from './variables.ts';

const workflowName: Check = (node, place, report) => {
  if (!isString(node)) report.add(place, 'should be a string', node);
  else if (node.kind === 'scalar' && String(node.value).length > 255)
    report.add(place, 'is too long (maximum is 255 characters)', node);
};

const workflow: Check = (node, place, report) =>
  checkKeys(node, place, report, {
    entries: { rules: workflowRules, auto_cancel: autoCancel },
    attributes: { name: workflowName },
  });

/** Top-level keywords, and those that stand for `default` from before it existed. */
const keywords: Readonly<Record<string, Check>> = {
  default: checkDefault,
  workflow,
  stages: stageNames,
  variables: rootVariables,
  image,
  services,
  before_script: commands,
  after_script: commands,
  cache,
};

/** Keywords that `default` took over. */
export const globalDefaults = ['image', 'services', 'before_script', 'after_script', 'cache'] as const;

export type JobKind = 'hidden' | 'job' | 'bridge' | 'unknown';

/** What a top-level key that is no keyword is. */
export function jobKind(name: string, node: Node): JobKind {
  if (name.startsWith('.')) return 'hidden';
  if (node.kind !== 'mapping') return 'unknown';
  if (node.entries.has('script') || node.entries.has('run')) return 'job';
  return node.entries.has('trigger') || node.entries.has('needs') ? 'bridge' : 'unknown';
}

/** Top-level keys that define jobs, hidden ones included. */
export function jobEntries(
  root: MappingNode,
): [string, MappingNode['entries'] extends ReadonlyMap<string, infer E> ? E : never][] {
  return [...root.entries].filter(
    ([name]) => !Object.hasOwn(keywords, name) && name !== 'include' && name !== 'spec',
  );
}

/** What GitLab's own schema refuses in a merged configuration. */
export function checkRoot(root: MappingNode): ConfigurationError[] {
  const report = createReport();
  for (const [name, check] of Object.entries(keywords)) {
    const node = get(root, name);
    if (node && !isNull(node)) check(node, name, report);
  }
  checkDefaultsOnce(root, report);
  checkJobs(root, report);
  return report.errors;
}

function checkDefaultsOnce(root: MappingNode, report: Report): void {
  for (const name of globalDefaults) {
    const own = get(root, name);
    if (own && !isNull(own) && !isNull(get(get(root, 'default'), name))) {
      report.add('default', `${name} is defined in top-level and \`default:\` entry`, own);
    }
  }
}

function checkJobs(root: MappingNode, report: Report): void {
  let visible = 0;
  for (const [name, { key, value, isText }] of jobEntries(root)) {
    const kind = jobKind(name, value);
    if (isText === false && kind !== 'unknown')
      report.add(`jobs:${name}`, 'name should be a symbol', { ...value, span: key });
    if (kind !== 'hidden') visible += 1;
    if (kind === 'hidden') checkHidden(value, `jobs:${name}`, report);
    else if (kind === 'job') checkJob(value, name, report);
    else if (kind === 'bridge') checkBridge(value, name, report);
    else {
      report.add('', `jobs ${name} config should implement the script:, run:, or trigger: keyword`, {
        ...value,
        span: key,
      });
    }
  }
  if (visible === 0) report.add('', 'jobs config should contain at least one visible job', root);
}
