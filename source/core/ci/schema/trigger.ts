import { get, isNull, textOf } from '../yaml/node.ts';
import { type Check, checkKeys, hash } from './report.ts';
import { boolean, isString, oneOf, string } from './values.ts';

const maxIncludes = 3;
const forward = hash({
  attributes: { yaml_variables: boolean.attribute, pipeline_variables: boolean.attribute },
});
const strategy = oneOf(['depend', 'mirror'], 'should be depend or mirror');

const included: Check = (node, place, report) => {
  if (isString(node)) return;
  if (node.kind !== 'mapping') return report.add(place, 'config should be a hash or a string', node);
  checkKeys(node, place, report, {
    attributes: {
      local: string.attribute,
      template: string.attribute,
      artifact: string.attribute,
      job: string.attribute,
      project: string.attribute,
      ref: string.attribute,
    },
    others: ['file', 'remote', 'component', 'inputs', 'integrity', 'rules'],
  });
  const has = (key: string): boolean => !isNull(get(node, key));
  if (has('project') && !has('file'))
    report.add(place, 'config must specify the file where to fetch the config from', node);
  if (has('artifact') && !has('job'))
    report.add(place, 'config must specify the job where to fetch the artifact from', node);
  if (has('job') && !has('artifact'))
    report.add(place, 'config must specify the artifact to use as the config', node);
};

const include: Check = (node, place, report) => {
  const items = node.kind === 'sequence' ? node.items : [node];
  if (items.length === 0) report.add(place, "config can't be blank", node);
  if (items.length > maxIncludes) report.add(place, `config is too long (maximum is ${maxIncludes})`, node);
  for (const item of items) included(item, `${place}:include`, report);
};

const notBlank: Check = (node, place, report) => {
  if (!isString(node)) report.add(place, 'should be a string', node);
  else if (textOf(node)?.trim() === '') report.add(place, "can't be blank", node);
};

/** `trigger` of a bridge: a project, or a mapping for another project's pipeline or a child pipeline. */
export const trigger: Check = (node, place, report) => {
  if (isString(node)) return notBlank(node, `${place} config`, report);
  if (node.kind !== 'mapping') return report.add(place, 'has to be either a string or a hash', node);
  if (node.entries.has('include')) {
    checkKeys(node, place, report, {
      entries: { include, forward },
      attributes: { strategy },
      others: ['inputs'],
    });
    if (isNull(get(node, 'include'))) report.add(place, "include can't be blank", node);
  } else if (node.entries.has('project')) {
    checkKeys(node, place, report, {
      entries: { forward },
      attributes: { project: notBlank, branch: string.attribute, strategy },
      others: ['inputs'],
    });
    if (isNull(get(node, 'project'))) report.add(place, "project can't be blank", node);
  } else report.add(place, 'config must specify either project or include', node);
};
