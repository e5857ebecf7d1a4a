import { get, isNull, textOf } from '../yaml/node.ts';
import { parseDuration } from './duration.ts';
import { type Check, hash } from './report.ts';
import { isString, oneOf, string } from './values.ts';

const nameForm = /^[a-zA-Z0-9\-_/${}. ]+$/;
const nameMessage =
  "can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', and spaces, but it cannot start or end with '/'";

const name: Check = (node, place, report) => {
  const text = textOf(node);
  if (text === undefined) return report.add(place, nameMessage, node);
  if (!nameForm.test(text) || text.startsWith('/') || text.endsWith('/'))
    report.add(place, nameMessage, node);
};

const url: Check = (node, place, report) => {
  if (!isString(node)) report.add(place, 'should be a string', node);
  else if ((textOf(node) ?? '').length > 255)
    report.add(place, 'is too long (maximum is 255 characters)', node);
};

/** GitLab expands variables here, so only a text without one can be judged. */
const autoStopIn: Check = (node, place, report) => {
  const text = textOf(node);
  if (text === undefined) report.add(place, 'should be a string', node);
  else if (text !== 'never' && !text.includes('$') && parseDuration(text) === undefined)
    report.add(place, 'should be a duration', node);
};

/** `environment` of a job: a name, or a mapping. */
export const environment: Check = (node, place, report) => {
  if (isString(node)) return name(node, `${place} name`, report);
  if (node.kind !== 'mapping') return report.add(place, 'config should be a hash or a string', node);
  hash({
    attributes: {
      name,
      url,
      on_stop: string.attribute,
      action: oneOf(
        ['start', 'stop', 'prepare', 'verify', 'access'],
        'should be start, stop, prepare, verify, or access',
      ),
      deployment_tier: oneOf(
        ['production', 'staging', 'testing', 'development', 'other'],
        'must be one of production, staging, testing, development, or other',
      ),
      auto_stop_in: autoStopIn,
    },
    entries: {
      kubernetes: hash({
        attributes: {
          namespace: string.attribute,
          agent: string.attribute,
          flux_resource_path: string.attribute,
        },
        others: ['managed_resources', 'dashboard'],
      }),
    },
  })(node, place, report);
  if (isNull(get(node, 'name')) || textOf(get(node, 'name'))?.trim() === '')
    report.add(place, "name can't be blank", node);
};
