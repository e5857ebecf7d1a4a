import { compileRegexp } from '../regexp.ts';
import { get, isNull, textOf } from '../yaml/node.ts';
import { type Check, checkKeys } from './report.ts';
import { duration, integers, string, stringsOrString } from './values.ts';

/** `id_tokens` of a job. */
export const idTokens: Check = (node, place, report) => {
  if (node.kind !== 'mapping') return report.add(place, 'config should be a hash', node);
  for (const [name, { value }] of node.entries) {
    checkKeys(value, `${place}:${name}`, report, { attributes: { aud: stringsOrString.attribute } });
    if (value.kind === 'mapping' && !value.entries.has('aud'))
      report.add(`${place}:${name}`, 'config missing required keys: aud', value);
  }
};

const secretKeys = [
  'vault',
  'file',
  'token',
  'azure_key_vault',
  'gcp_secret_manager',
  'aws_secrets_manager',
  'aws_ssm_parameter_store',
  'akeyless',
  'gitlab_secrets_manager',
];

/** `secrets` of a job. */
export const secrets: Check = (node, place, report) => {
  if (node.kind !== 'mapping') return report.add(place, 'config should be a hash', node);
  for (const [name, { value }] of node.entries)
    checkKeys(value, `${place}:${name}`, report, { others: secretKeys });
};

/** `coverage` of a job: a pattern with its slashes. */
export const coverage: Check = (node, place, report) => {
  const [, source, flags] = /^\/(.*)\/([ismU]*)$/s.exec(textOf(node) ?? '') ?? [];
  if (source === undefined || !compiles(source, flags))
    report.add(place, 'config must be a regular expression', node);
};

function compiles(source: string, flags: string | undefined): boolean {
  try {
    compileRegexp(source, flags);
    return true;
  } catch {
    return false;
  }
}

/** `allow_failure` of a job. */
export const allowFailure: Check = (node, place, report) => {
  if (node.kind === 'mapping')
    return checkKeys(node, place, report, { attributes: { exit_codes: integers.attribute } });
  if (node.kind !== 'scalar' || typeof node.value !== 'boolean')
    report.add(place, 'config should be a hash or a boolean value', node);
};

/** `inputs` of a job. */
export const jobInputs: Check = (node, place, report) => {
  if (node.kind !== 'mapping') return report.add(place, 'config should be a hash', node);
  for (const [name, { value }] of node.entries) {
    checkKeys(value, `${place}:${name}`, report, {
      others: ['type', 'default', 'description', 'options', 'regex'],
    });
    if (value.kind === 'mapping' && !value.entries.has('default'))
      report.add(`${place}:${name}`, 'config must have a default value', value);
  }
};

/** `run` of a job: steps in place of a script. */
export const run: Check = (node, place, report) => {
  if (node.kind !== 'sequence' || !node.items.every((item) => item.kind === 'mapping')) {
    report.add(place, 'config should be an array of hashes', node);
    return;
  }
  for (const step of node.items) {
    const kinds = ['script', 'step', 'func', 'action'].filter((key) => !isNull(get(step, key)));
    if (textOf(get(step, 'name')) === undefined || kinds.length !== 1)
      report.add(place, "container must be a valid 'run_steps' schema", step);
  }
};

/** `pages` of a job. */
export const pages: Check = (node, place, report) => {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return;
  if (node.kind !== 'mapping') return report.add(place, 'config should be a hash or a boolean value', node);
  checkKeys(node, place, report, {
    attributes: {
      path_prefix: string.attribute,
      publish: string.attribute,
      expire_in: duration(undefined, '', ['never']),
    },
  });
};

/** `dast_configuration` of a job. */
export const dastConfiguration: Check = (node, place, report) =>
  checkKeys(node, place, report, {
    attributes: { site_profile: string.attribute, scanner_profile: string.attribute },
  });
