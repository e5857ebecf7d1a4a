import { get, isNull, textOf } from '../yaml/node.ts';
import { type Check, hash, type Keys } from './report.ts';
import { isAlphanumeric, isString, string, strings } from './values.ts';
import { jobVariables } from './variables.ts';

const pullPolicies = ['always', 'never', 'if-not-present'];

const pullPolicy: Check = (node, place, report) => {
  const values = node.kind === 'sequence' ? node.items : [node];
  if (values.length === 0 || !values.every(isString))
    return report.add(place, 'config should be an array of strings or a string', node);
  const unknown = values.map((value) => textOf(value) ?? '').filter((value) => !pullPolicies.includes(value));
  if (unknown.length > 0) report.add(place, `config contains unknown values: ${unknown.join(', ')}`, node);
};

const runner: Keys['entries'] = {
  docker: hash({ attributes: { platform: string.attribute, user: string.attribute } }),
  kubernetes: hash({
    attributes: {
      user: (node, place, report) => {
        if (!isAlphanumeric(node)) report.add(place, 'should be a string or an integer', node);
      },
    },
  }),
  pull_policy: pullPolicy,
};

function container(keys: Keys): Check {
  return (node, place, report) => {
    if (isString(node)) {
      if (textOf(node)?.trim() === '') report.add(place, "name can't be blank", node);
      return;
    }
    if (node.kind !== 'mapping') return report.add(place, 'config should be a hash or a string', node);
    hash(keys)(node, place, report);
    const name = get(node, 'name');
    if (name === undefined || isNull(name) || textOf(name)?.trim() === '')
      report.add(place, "name can't be blank", node);
    if (node.entries.has('ports')) report.add(place, 'config contains disallowed keys: ports', node);
  };
}

export const image: Check = container({
  entries: runner,
  attributes: { name: string.attribute, entrypoint: strings.attribute },
  others: ['ports'],
});

const service: Check = container({
  entries: { ...runner, variables: jobVariables },
  attributes: {
    name: string.attribute,
    alias: string.attribute,
    entrypoint: strings.attribute,
    command: strings.attribute,
  },
  others: ['ports'],
});

export const services: Check = (node, place, report) => {
  if (node.kind !== 'sequence') return report.add(place, 'config should be a array', node);
  for (const item of node.items) service(item, `${place}:service`, report);
};
