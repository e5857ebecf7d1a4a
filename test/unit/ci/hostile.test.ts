import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkConfiguration } from '../../../source/core/ci/checks/index.ts';
import { jobSet } from '../../../source/core/ci/jobSet.ts';
import type { PipelineContext } from '../../../source/core/ci/model.ts';

const keywords = [
  'script',
  'stage',
  'needs',
  'rules',
  'only',
  'except',
  'when',
  'parallel',
  'extends',
  'variables',
  'include',
  'default',
  'trigger',
  'environment',
  'image',
  'services',
  'cache',
  'artifacts',
  'retry',
  'tags',
  'inherit',
  'workflow',
  'stages',
  'spec',
  'inputs',
  'matrix',
  'if',
  'changes',
  'exists',
  'job',
  'a',
  '.b',
  '<<',
  '$[[ inputs.a ]]',
];
const scalars = fc.oneof(
  fc.constantFrom<string | number | boolean | null>(
    'a',
    '.b',
    'build',
    'ls',
    '$A == "b"',
    '$A =~ /(/',
    '/a*/',
    '*',
    '../x.yml',
    'x.yml',
    null,
    true,
    -1,
    1.5,
    300,
    '$[[ inputs.a | truncate(0) ]]',
    '\u001b[2J\u202e\u0000',
  ),
  fc.string({ maxLength: 6 }),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalars,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keywords), tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));
const root = fc.dictionary(fc.constantFrom(...keywords), value, { maxKeys: 7, noNullPrototype: true });

function context(files: Record<string, string>): PipelineContext {
  return {
    event: 'push',
    ref: 'main',
    defaultBranch: 'main',
    variables: {},
    changed: ['src/a.py'],
    files: { read: (path) => files[path], list: () => Object.keys(files) },
  };
}

test('whatever a configuration holds, there is an answer: jobs, or errors that say why not', () => {
  fc.assert(
    fc.property(root, root, (entry, included) => {
      const files = { '.gitlab-ci.yml': JSON.stringify(entry), 'x.yml': JSON.stringify(included) };
      const given = context(files);
      const set = jobSet('.gitlab-ci.yml', given);
      expect(set.jobs.length === 0 || set.errors.length === 0).toBe(true);
      expect(set.jobs.length + set.errors.length).toBeGreaterThan(0);
      checkConfiguration({
        configuration: set.configuration,
        sets: new Map([['push', set]]),
        files: given.files,
      });
    }),
    { numRuns: 400 },
  );
});

test('text that is no YAML is an error with its place', () => {
  for (const text of [
    'a: [',
    'a: "b',
    '\ta: b',
    'a: *nobody',
    'a: b: c',
    '- a\n- b',
    'just text',
    '2001-01-01',
    '',
  ]) {
    const { errors, jobs } = jobSet('.gitlab-ci.yml', context({ '.gitlab-ci.yml': text }));
    expect(jobs).toEqual([]);
    expect(errors).not.toEqual([]);
  }
});

test('a file that includes itself ends at the limit of includes', () => {
  const text = 'include: [x.yml, x.yml]\na: { script: ls }\n';
  const { errors } = jobSet('.gitlab-ci.yml', context({ '.gitlab-ci.yml': text, 'x.yml': text }));
  expect(errors.map(({ message }) => message)).toEqual(['Maximum of 150 nested includes are allowed!']);
});
