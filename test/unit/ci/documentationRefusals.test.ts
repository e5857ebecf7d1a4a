import { describe, expect, test } from 'vitest';
import { ask, messages } from './ask.ts';

/** What GitLab's keyword reference forbids, with the message of its own validation. */
describe('refuses', () => {
  const job = (...lines: string[]): string =>
    `job:\n  script: echo\n${lines.map((line) => `  ${line}\n`).join('')}`;
  test.each([
    ['an empty script', 'job:\n  script: []\n', "job script can't be blank"],
    ['a script of nothing', 'job:\n  script:\n', "job script can't be blank"],
    ['script beside trigger', job('trigger: group/project'), 'unknown keys: trigger'],
    ['when: delayed without start_in', job('when: delayed'), 'start in should be a duration'],
    [
      'start_in over a week',
      job('when: delayed', 'start_in: 8 days'),
      'start in should not exceed the limit',
    ],
    ['start_in without delayed', job('start_in: 1 day'), 'start in must be blank'],
    ['a timeout that is a number', job('timeout: 100'), 'timeout config should be a duration'],
    ['a cache key with a slash', job('cache: { key: a/b, paths: [x] }'), 'cannot contain the "/" character'],
    [
      'a cache key with an encoded slash',
      job('cache: { key: a%2Fb, paths: [x] }'),
      'cannot contain the "/" character',
    ],
    ['a cache key of dots', job('cache: { key: .., paths: [x] }'), 'cannot be "." or ".."'],
    [
      'more than four caches',
      job(`cache: [${Array(5).fill('{ paths: [x] }').join(', ')}]`),
      'no more than 4 caches',
    ],
    ['an unknown cache policy', job('cache: { paths: [x], policy: sometimes }'), 'pull-push, push, pull'],
    ['coverage that is no pattern', job('coverage: /(/'), 'must be a regular expression'],
    ['an image without a name', job('image: ""'), "image name can't be blank"],
    ['a service without a name', job('services: [""]'), "service name can't be blank"],
    [
      'an environment’s namespace that is no text',
      job('environment: { name: a, kubernetes: { namespace: 1 } }'),
      'namespace should be a string',
    ],
    ['parallel: 0', job('parallel: 0'), 'greater than or equal to 1'],
    ['retry: 3', job('retry: 3'), 'less than or equal to 2'],
    ['an unknown artifacts:access', job('artifacts: { paths: [a], access: friends }'), 'should be one of'],
    [
      'artifacts:public with access',
      job('artifacts: { paths: [a], public: true, access: all }'),
      'cannot be used together',
    ],
    ['an unknown report', job('artifacts: { reports: { junk: a } }'), 'unknown keys: junk'],
    ['id_tokens without aud', job('id_tokens: { T: {} }'), 'missing required keys: aud'],
    ['a step without a name', 'job:\n  run:\n    - script: a\n', "valid 'run_steps'"],
    [
      'an unknown key of spec',
      'spec:\n  other: 1\n---\njob:\n  script: a\n',
      'header:spec config contains unknown keys: other',
    ],
    [
      'an include rule that cannot be read',
      'include:\n  - local: a.yml\n    rules:\n      - if: $A ===\njob:\n  script: a\n',
      'invalid expression syntax',
    ],
    [
      'an unknown deployment tier',
      job('environment: { name: a, deployment_tier: x }'),
      'deployment tier must be one of',
    ],
    [
      'pages:expire_in that is no duration',
      job('pages: { expire_in: soon }'),
      'expire in should be a duration',
    ],
    [
      'more than 50 options of an input',
      `spec:\n  inputs:\n    a:\n      options: [${Array.from({ length: 51 }, (_, at) => `o${at}`).join(', ')}]\n---\njob:\n  script: a\n`,
      'more than 50 options',
    ],
    [
      'options of a boolean input',
      'spec:\n  inputs:\n    a: { type: boolean, options: [true], default: true }\n---\njob:\n  script: a\n',
      'Options can only be used',
    ],
    ['a list that is not closed', 'job:\n  script: [a\nb: 1\n', 'end with a ]'],
    ['a mapping that is not closed', 'job:\n  cache: {paths: [a]\n  script: a\n', 'end with a }'],
    ['a job name of 256 characters', `${'a'.repeat(256)}:\n  script: a\n`, 'name is too long'],
  ])('%s', (_, text, error) => {
    expect(messages(ask(text)).join('\n')).toContain(error);
  });
});

test('libyaml does not look at indentation within brackets', () => {
  const set = ask(
    'a:\n  script: [\n  one,\n  two\n  ]\nb:\n  script: [\n    one\n]\n  # not a comment in brackets\nc:\n  script: one\n  variables: {\n A: b,\n   B: c\n }\n',
  );
  expect(messages(set)).toEqual([]);
  expect(set.jobs.map(({ name, definition }) => [name, definition.at.line])).toEqual([
    ['a', 1],
    ['b', 6],
    ['c', 11],
  ]);
});
