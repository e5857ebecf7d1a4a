import { describe, test } from 'vitest';
import { type Answer, checkAnswer } from './answer.ts';

const sized = `spec:
  inputs:
    size:
      rules:
        - if: $[[ inputs.env ]] == 'prod'
          options: [large, huge]
          default: large
        - options: [small]
          default: small
    env: {options: [dev, prod]}
---
`;

/** A configuration, what it is asked for, and the jobs that GitLab makes of it, or a part of what it says. */
const cases: readonly Answer[] = [
  [
    'include: x.yml\n',
    {
      files: { 'x.yml': 'spec: {inputs: {s: {default: t}}}\n---\n# not $[[ inputs.other ]]\na: {script: a}' },
    },
    'unknown interpolation key: `other`',
  ],
  [
    'include: x.yml\n',
    { files: { 'x.yml': 'spec: {inputs: {s: {default: t}}}\n---\n# as $[[ inputs.s ]]\na: {script: a}' } },
    ['a'],
  ],
  ['include: x.yml\n', { files: { 'x.yml': '# $[[ inputs.other ]]\na: {script: a}' } }, ['a']],
  [
    'include: {local: x.yml, inputs: {s: }}\n',
    { files: { 'x.yml': 'spec: {inputs: {s: {default: t}}}\n---\n"$[[ inputs.s ]]": {script: a}' } },
    ['t'],
  ],
  [
    'include: x.yml\n',
    { files: { 'x.yml': 'spec: {inputs: {s: {default: t}}}\n---\n"$[[ inputs ]]": {script: a}' } },
    'invalid pattern used for interpolation',
  ],
  [
    'include: x.yml\n',
    { files: { 'x.yml': 'spec: {inputs: {s: {default: t}}}\n---\n"$[[]]": {script: a}' } },
    ['$[[]]'],
  ],
  [
    'include: {local: x.yml, rules: [{exists: a}]}\nq: {script: a}',
    { files: { 'x.yml': 'a: {script: a}' } },
    'include:rules:rule:exists config should be an array of strings',
  ],
  [
    'include: {local: x.yml, rules: [{changes: {compare_to: a}}]}\nq: {script: a}',
    { files: { 'x.yml': 'a: {script: a}' } },
    'include:rules:rule:changes config missing required keys: paths',
  ],
  ['include: {local: /x.YML}\n', { files: { 'x.YML': 'a: {script: a}' } }, ['a']],
  [
    'include: x.yml\n',
    { files: { 'x.yml': 'spec: {inputs: {s: {default: test}}}\n---\n"$[[ inputs.s ]]-job": {script: a}' } },
    ['test-job'],
  ],
  [
    'include: {local: x.yml, inputs: {a: b}}\nq: {script: a}',
    { files: { 'x.yml': 'a: {script: a}' } },
    'Given inputs not defined in the `spec` section of the included configuration file',
  ],
  [
    "include: {local: x.yml, inputs: {a: '123456789'}}\n",
    {
      files: {
        'x.yml':
          'spec: {inputs: {a: {}}}\n---\n"j-$[[ inputs.a | truncate(1,3) | expand_vars ]]": {script: a}',
      },
    },
    ['j-234'],
  ],
  [
    'include: {local: x.yml, inputs: {a: b}}\nq: {script: q}',
    {
      files: {
        'x.yml':
          'spec: {inputs: {a: {}}}\n---\n"j-$[[ inputs.a | truncate(1,3) | expand_vars | expand_vars | expand_vars ]]": {script: a}',
      },
    },
    'too many functions in interpolation block',
  ],
  [
    'include: {local: x.yml, inputs: {a: b}}\nq: {script: q}',
    { files: { 'x.yml': 'spec: {inputs: {a: {}}}\n---\n"j-$[[ inputs.b ]]": {script: a}' } },
    'unknown',
  ],
  [
    'include: {local: x.yml, inputs: {a: c}}\nq: {script: q}',
    { files: { 'x.yml': 'spec: {inputs: {a: {options: [a, b]}}}\n---\nj: {script: a}' } },
    '`a` input: `c` cannot be used because it is not in the list of allowed options',
  ],
  [
    'include: {local: x.yml}\nq: {script: q}',
    { files: { 'x.yml': 'spec: {inputs: {a: {options: [a, b], default: c}}}\n---\nj: {script: a}' } },
    '`a` input: default value `c` cannot be used because it is not in the list of allowed options',
  ],
  [
    'include: {local: x.yml, inputs: {a: [x, y]}}\n',
    { files: { 'x.yml': 'spec: {inputs: {a: {type: array}}}\n---\nj: {script: a, tags: $[[ inputs.a ]]}' } },
    ['j'],
  ],
  [
    'include: {local: x.yml, inputs: {a: 1.5}}\n',
    { files: { 'x.yml': 'spec: {inputs: {a: {type: number}}}\n---\n"j-$[[ inputs.a ]]": {script: a}' } },
    ['j-1.5'],
  ],
  [
    'include: {local: x.yml, inputs: {a: true}}\n',
    {
      files: {
        'x.yml':
          'spec: {inputs: {a: {type: boolean, default: false}}}\n---\nj: {script: a, rules: [{if: "$[[ inputs.a ]]"}], allow_failure: $[[ inputs.a ]]}',
      },
    },
    ['j'],
  ],
  [
    'include: {local: x.yml, inputs: {a: [{if: $CI}]}}\n',
    { files: { 'x.yml': 'spec: {inputs: {a: {type: array}}}\n---\nj: {script: a, rules: $[[ inputs.a ]]}' } },
    ['j'],
  ],
  [
    "include: [{local: x.yml, rules: [{if: '$A'}]}]\nj: {script: a}\n",
    { files: { 'x.yml': 'k: {script: a}' } },
    ['j'],
  ],
  [
    'include: [{local: x.yml, rules: [{exists: [x.yml]}]}]\nj: {script: a}\n',
    { files: { 'x.yml': 'k: {script: a}' } },
    ['j', 'k'],
  ],
  [
    "include: ['ci/*.yml']\n",
    { files: { 'ci/a.yml': 'k: {script: a}', 'ci/b.yml': 'l: {script: a}', 'ci/d/c.yml': 'm: {script: m}' } },
    ['k', 'l'],
  ],
  [
    "include: ['ci/**.yml']\n",
    { files: { 'ci/a.yml': 'k: {script: a}', 'ci/d/c.yml': 'm: {script: m}' } },
    ['k', 'm'],
  ],
  [
    'include: {local: x.yml, inputs: {env: prod}}\n',
    { files: { 'x.yml': `${sized}"$[[ inputs.env ]]-$[[ inputs.size ]]": {script: a}` } },
    ['prod-large'],
  ],
  [
    'include: {local: x.yml, inputs: {env: dev, size: large}}\nq: {script: q}\n',
    { files: { 'x.yml': `${sized}j: {script: a}` } },
    '`size` input: `large` cannot be used because it is not in the list of allowed options',
  ],
  ["include: ['ci/none*.yml']\nj: {script: a}\n", {}, ['j']],
];

describe('what GitLab makes of includes and their inputs', () => {
  test.each(cases)('%j', (...answer) => checkAnswer(...answer));
});
