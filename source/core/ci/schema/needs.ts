import type { Node } from '../model.ts';
import { get, isNull, textOf } from '../yaml/node.ts';
import { parallelMatrix } from './parallel.ts';
import { type Check, checkKeys, type Report } from './report.ts';
import { boolean, string } from './values.ts';

/** GitLab's limit on artifacts from other projects (`NEEDS_CROSS_PROJECT_DEPENDENCIES_LIMIT`). */
const maxCrossProject = 5;

export type NeedKind = 'job' | 'project' | 'pipeline' | 'bridge' | 'unknown';

/** What a need points at: a job of this pipeline, of another project's or another pipeline, or a pipeline to mirror. */
export function needKind(node: Node): NeedKind {
  if (textOf(node) !== undefined) return 'job';
  if (node.kind !== 'mapping') return 'unknown';
  const has = (key: string): boolean => node.entries.has(key);
  if (has('job') && has('project')) return 'project';
  if (has('job') && has('pipeline')) return 'pipeline';
  if (has('pipeline')) return 'bridge';
  return has('job') ? 'job' : 'unknown';
}

/** `needs` of a job. */
export const needs: Check = (node, place, report) => check(node, place, report, ['job', 'cross_dependency']);

/** `needs` of a rule. */
export const ruleNeeds: Check = (node, place, report) => check(node, place, report, ['job']);

/** `needs` of a bridge, which may mirror another pipeline. */
export const bridgeNeeds: Check = (node, place, report) =>
  check(node, place, report, ['job', 'cross_dependency', 'bridge']);

/** GitLab's own names of the kinds. */
const typeOf = {
  job: 'job',
  project: 'cross_dependency',
  pipeline: 'cross_dependency',
  bridge: 'bridge',
  unknown: 'job',
} as const;

type NeedType = (typeof typeOf)[NeedKind];

function check(node: Node, place: string, report: Report, allowed: readonly NeedType[]): void {
  if (node.kind === 'mapping' && node.entries.size === 0) {
    report.add(place, 'config can not be an empty hash', node);
    return;
  }
  if (node.kind !== 'mapping' && node.kind !== 'sequence') {
    report.add(place, 'config can only be a hash or an array', node);
    return;
  }
  const items = node.kind === 'sequence' ? node.items : [node];
  for (const item of items) one(item, `${place}:need`, report);
  const kinds = items.map(needKind);
  const extra = [...new Set(kinds.map((kind) => typeOf[kind]))].filter((type) => !allowed.includes(type));
  if (extra.length > 0) report.add(place, `config uses invalid types: ${extra.join(', ')}`, node);
  const projects = kinds.filter((kind) => kind === 'project').length;
  if (projects > maxCrossProject)
    report.add(place, `config must be less than or equal to ${maxCrossProject}`, node);
}

const matrixOnly: Check = (node, place, report) => {
  if (node.kind === 'scalar' && typeof node.value === 'number')
    report.add(place, 'cannot use "parallel: <number>".', node);
  else parallelMatrix(node, place, report);
};

/** What the kinds of needs have of their own, and what must be there. */
const keysOf: Readonly<
  Record<Exclude<NeedKind, 'unknown'>, { own: Record<string, Check>; required: readonly string[] }>
> = {
  job: { own: { optional: boolean.attribute }, required: ['job'] },
  project: { own: { project: string.attribute, ref: string.attribute }, required: ['project', 'job', 'ref'] },
  pipeline: { own: { pipeline: string.attribute }, required: ['job', 'pipeline'] },
  bridge: { own: { pipeline: string.attribute }, required: ['pipeline'] },
};

function one(node: Node, place: string, report: Report): void {
  const kind = needKind(node);
  if (kind === 'unknown') {
    report.add(place, 'has an unsupported type', node);
    return;
  }
  if (node.kind !== 'mapping') return;
  const { own, required } = keysOf[kind];
  checkKeys(node, place, report, {
    attributes: kind === 'bridge' ? own : { job: string.attribute, artifacts: boolean.attribute, ...own },
    entries: kind === 'bridge' ? {} : { parallel: matrixOnly },
  });
  for (const key of required) {
    if (isNull(get(node, key)) || textOf(get(node, key)) === '')
      report.add(place, `${key} can't be blank`, node);
  }
}
