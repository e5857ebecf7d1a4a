import type { Node } from '../model.ts';
import { flatItems, get, isNull, textOf, textsOf } from '../yaml/node.ts';
import { artifacts } from './artifacts.ts';
import { cache } from './cache.ts';
import { environment } from './environment.ts';
import { image, services } from './image.ts';
import {
  allowFailure,
  coverage,
  dastConfiguration,
  idTokens,
  jobInputs,
  pages,
  run,
  secrets,
} from './jobKeywords.ts';
import { bridgeNeeds, needKind, needs } from './needs.ts';
import { parallel, parallelMatrix } from './parallel.ts';
import { policy } from './policy.ts';
import { release } from './release.ts';
import { type Check, checkKeys, hash, type Keys, notTogether, type Report } from './report.ts';
import { retry } from './retry.ts';
import { rules } from './rules.ts';
import { trigger } from './trigger.ts';
import {
  boolean,
  commands,
  duration,
  mapping,
  month,
  oneOf,
  string,
  strings,
  stringsOrString,
  week,
} from './values.ts';
import { jobVariables } from './variables.ts';

const maxTags = 50;
const maxName = 255;

const tags: Check = (node, place, report) => {
  strings.entry(node, place, report);
  if (node.kind === 'sequence' && node.items.length >= maxTags) {
    report.add(place, `config must be less than the limit of ${maxTags} tags`, node);
  }
};

/** Keywords that `default` may set. */
export const defaultKeywords: Readonly<Record<string, Check>> = {
  before_script: commands,
  after_script: commands,
  hooks: hash({ entries: { pre_get_sources_script: commands } }),
  image,
  services,
  cache,
  interruptible: boolean.entry,
  retry,
  timeout: duration(month, 'config'),
  tags,
  artifacts,
  id_tokens: idTokens,
  identity: oneOf(['google_cloud'], 'config unknown value: must be google_cloud'),
};

const inheritWords: Check = (node, place, report) => {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return;
  if (node.kind !== 'sequence' || !node.items.every((item) => textOf(item) !== undefined)) {
    report.add(place, 'should be a bool or array of strings', node);
  }
};

const inheritDefault: Check = (node, place, report) => {
  inheritWords(node, place, report);
  const unknown =
    node.kind === 'sequence' ? textsOf(node).filter((word) => !Object.hasOwn(defaultKeywords, word)) : [];
  if (unknown.length > 0) report.add(place, `config contains unknown values: ${unknown.join(', ')}`, node);
};

/** Keywords of every job, bridges too. */
const shared: Readonly<Record<string, Check>> = {
  stage: string.entry,
  rules,
  only: policy,
  except: policy,
  variables: jobVariables,
  inherit: hash({ entries: { default: inheritDefault, variables: inheritWords } }),
  environment,
};
const sharedAttributes = { extends: stringsOrString.attribute, resource_group: string.attribute };

const jobKeys: Keys = {
  entries: {
    ...defaultKeywords,
    ...shared,
    script: commands,
    run,
    needs,
    parallel,
    coverage,
    release,
    allow_failure: allowFailure,
    inputs: jobInputs,
    secrets,
    pages: pages,
    dast_configuration: dastConfiguration,
  },
  attributes: {
    ...sharedAttributes,
    when: oneOf(['on_success', 'on_failure', 'always', 'manual', 'delayed']),
    dependencies: strings.attribute,
    publish: string.attribute,
    manual_confirmation: string.attribute,
  },
  others: ['start_in'],
};

/** `jobs:NAME` with `script` or `run`. */
export function checkJob(node: Node, name: string, report: Report): void {
  const place = `jobs:${name}`;
  checkName(node, name, report);
  checkKeys(node, place, report, jobKeys);
  for (const key of ['script', 'before_script', 'after_script']) notTogether(node, place, report, key, 'run');
  if (!isNull(get(node, 'script')) || isNull(get(node, 'run'))) checkScript(node, place, report);
  checkStart(node, place, report);
  checkDependencies(node, place, report);
  if (!isNull(get(node, 'publish')) && name !== 'pages' && isNull(get(node, 'pages'))) {
    report.add(place, 'publish can only be used within a `pages` job', node);
  }
}

const bridgeKeys: Keys = {
  entries: {
    ...shared,
    trigger,
    needs: bridgeNeeds,
    parallel: parallelMatrix,
    interruptible: boolean.entry,
  },
  attributes: {
    ...sharedAttributes,
    when: oneOf(['on_success', 'on_failure', 'always', 'manual']),
    allow_failure: boolean.attribute,
    manual_confirmation: string.attribute,
  },
};

/** `jobs:NAME` with `trigger`. */
export function checkBridge(node: Node, name: string, report: Report): void {
  const place = `jobs:${name}`;
  checkName(node, name, report);
  checkKeys(node, place, report, bridgeKeys);
  checkStart(node, place, report);
  const mirrored = needsOf(node).filter((need) => needKind(need) === 'bridge').length;
  if (mirrored > 1) report.add(place, 'config should contain at most one bridge need', node);
  if (isNull(get(node, 'trigger')) && mirrored === 0)
    report.add(place, 'config should contain either a trigger or a needs:pipeline', node);
}

/** Of a script that is there in name only: nothing, an empty text, an empty list. */
function checkScript(node: Node, place: string, report: Report): void {
  const script = get(node, 'script');
  const isEmpty = script?.kind === 'sequence' ? script.items.length === 0 : textOf(script)?.trim() === '';
  if (isEmpty || isNull(script)) report.add(place, "script can't be blank", script ?? node);
}

function checkName(node: Node, name: string, report: Report): void {
  if (name.trim() === '') report.add('jobs:job', "name can't be blank", node);
  if (name.length > maxName)
    report.add(`jobs:${name}`, `name is too long (maximum is ${maxName} characters)`, node);
}

function checkStart(node: Node, place: string, report: Report): void {
  const startIn = get(node, 'start_in');
  if (!isNull(get(node, 'rules'))) {
    const used = ['only', 'except', 'start_in'].filter((key) => !isNull(get(node, key)));
    if (used.length > 0)
      report.add(place, `config key may not be used with \`rules\`: ${used.join(', ')}`, node);
  }
  const isDelayed = textOf(get(node, 'when')) === 'delayed';
  if (isDelayed && isNull(get(node, 'rules'))) duration(week)(startIn ?? node, `${place} start in`, report);
  else if (startIn && !isNull(startIn) && !isDelayed) report.add(place, 'start in must be blank', startIn);
}

/** GitLab checks this only where `needs` is not empty. */
function checkDependencies(node: Node, place: string, report: Report): void {
  const dependencies = get(node, 'dependencies');
  const needed = needsOf(node).map((need) => textOf(need) ?? textOf(get(need, 'job')) ?? '');
  if (dependencies?.kind !== 'sequence' || needed.length === 0) return;
  const missing = textsOf(dependencies).filter((name) => !needed.includes(name));
  if (missing.length > 0)
    report.add(place, `dependencies the ${missing.join(', ')} should be part of needs`, dependencies);
}

/** The single needs of a job as written. */
export function needsOf(keywords: Node): Node[] {
  const node = get(keywords, 'needs');
  if (node?.kind === 'mapping') return node.entries.size > 0 ? [node] : [];
  return node?.kind === 'sequence' ? flatItems(node) : [];
}

export const checkHidden: Check = (node, place, report) => {
  const empty =
    node.kind === 'mapping'
      ? node.entries.size === 0
      : node.kind === 'sequence'
        ? node.items.length === 0
        : isNull(node) || textOf(node)?.trim() === '';
  if (empty) report.add(place, "config can't be blank", node);
};

/** `default` as a whole. */
export const checkDefault: Check = (node, place, report) => {
  mapping.entry(node, place, report);
  if (node.kind === 'mapping') checkKeys(node, place, report, { entries: defaultKeywords });
};
