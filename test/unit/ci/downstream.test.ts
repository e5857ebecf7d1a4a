import { describe, expect, test } from 'vitest';
import {
  childPipeline,
  downstreamOf,
  isDependent,
  passedVariables,
} from '../../../source/core/ci/downstream.ts';
import { jobSet } from '../../../source/core/ci/jobSet.ts';
import type { PipelineContext } from '../../../source/core/ci/model.ts';

const files: Record<string, string> = {
  '.gitlab-ci.yml': `
variables:
  LEVEL: one
  PLACE: $CI_COMMIT_REF_NAME
make:
  script: [make]
child:
  variables:
    LEVEL: two
  trigger:
    include:
      - child.yml
      - local: more.yml
    strategy: depend
bare:
  inherit: { variables: false }
  trigger: { include: child.yml, forward: { pipeline_variables: true } }
closed:
  trigger: { include: child.yml, forward: { yaml_variables: false } }
dynamic:
  needs: [make]
  trigger: { include: [{ artifact: made.yml, job: make }] }
missing:
  trigger: { include: nowhere.yml }
other:
  trigger: tinyland/other
branch:
  trigger: { project: tinyland/other, branch: stable }
`,
  'child.yml': `
inner:
  script: [make]
  rules:
    - if: $CI_PIPELINE_SOURCE == "parent_pipeline" && $LEVEL == "two"
parental:
  script: [make]
  rules: [{ if: $CI_PIPELINE_SOURCE == "push" }]
`,
  'more.yml': 'beside: {script: [make], needs: []}\n',
};
const context: PipelineContext = {
  event: 'push',
  ref: 'topic',
  defaultBranch: 'main',
  variables: { GIVEN: 'by hand' },
  files: { read: (path) => files[path], list: () => Object.keys(files) },
};
const set = jobSet('.gitlab-ci.yml', context);
const jobOf = (name: string) => {
  const job = set.jobs.find((one) => one.name === name);
  if (!job) throw new Error(`no ${name}: ${JSON.stringify(set.errors)}`);
  return job;
};
const childOf = (name: string) => childPipeline(jobOf(name), set.configuration, context);

describe('what a bridge starts', () => {
  test.each([
    ['make', undefined],
    ['other', { kind: 'project', path: 'tinyland/other' }],
    ['branch', { kind: 'project', path: 'tinyland/other', branch: 'stable' }],
  ])('%s', (name, started) => {
    expect(downstreamOf(jobOf(name).definition)).toEqual(started);
    expect(childOf(name)).toBeUndefined();
  });

  test('a bridge with a strategy lasts as long as its pipeline', () => {
    const lasting = ['child', 'bare', 'make'].map((name) => isDependent(jobOf(name).definition));
    expect(lasting).toEqual([true, false, false]);
  });

  test('a child has the jobs of the included files, as their rules give them for a parent', () => {
    const child = childOf('child');
    const { jobs, errors } = jobSet(child?.entry ?? '', child?.context ?? context);
    expect([jobs.map(({ name }) => name), errors]).toEqual([['inner', 'beside'], []]);
    expect(jobs[0]?.definition.at).toMatchObject({ file: 'child.yml', line: 2 });
  });

  test('a file that is not there keeps the child from being created', () => {
    const child = childOf('missing');
    expect(jobSet(child?.entry ?? '', child?.context ?? context).errors[0]?.message).toContain('nowhere.yml');
  });

  test('a configuration that a job makes is not known before', () => {
    expect(childOf('dynamic')).toBeUndefined();
  });
});

test.each([
  ['child', { LEVEL: 'two', PLACE: 'topic' }],
  ['bare', { GIVEN: 'by hand' }],
  ['closed', {}],
])('the variables that %s hands on', (name, variables) => {
  expect(passedVariables(jobOf(name), set.configuration, context)).toEqual(variables);
});
