import { describe, expect, test } from 'vitest';
import { jobSet } from '../../../source/core/ci/jobSet.ts';
import type { PipelineContext } from '../../../source/core/ci/model.ts';
import { traceRules } from '../../../source/core/ci/ruleTrace.ts';

const text = `
variables:
  MODE: fast
workflow:
  rules:
    - if: $CI_COMMIT_TAG
      variables: { MODE: release }
    - when: always
unit:
  script: [make]
  rules:
    - if: $MODE == "release"
      when: never
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
    - changes: [src/**/*]
      when: manual
    - when: on_failure
matrix:
  script: [make]
  parallel:
    matrix: [{ SYSTEM: [linux, darwin] }]
  rules:
    - if: $SYSTEM == "darwin"
compared:
  script: [make]
  rules:
    - changes: { paths: [src/**/*], compare_to: main }
bare:
  script: [make]
wrong:
  script: [make]
  rules:
    - if: $A ==
    - when: always
`;

function trace(name: string, given: Partial<PipelineContext> = {}) {
  const context: PipelineContext = {
    event: 'push',
    ref: 'main',
    defaultBranch: 'main',
    variables: {},
    files: { read: (path) => (path === '.gitlab-ci.yml' ? text : undefined), list: () => [] },
    ...given,
  };
  const { configuration } = jobSet('.gitlab-ci.yml', context);
  const definition = configuration.jobs.get(name.replace(/:? \[.*/, '')) ?? configuration.jobs.get(name);
  if (!definition) throw new Error(`${name} is not defined`);
  return traceRules({ definition, name }, configuration, context);
}

describe('the rules of a job, held against a pipeline', () => {
  test('the first that holds decides, the ones behind it are told apart', () => {
    expect(trace('unit').map(({ state, says, text: rule }) => [state, says, rule])).toEqual([
      ['fails', 'never', 'if: $MODE == "release"'],
      ['decides', 'on_success', 'if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH'],
      ['holds', 'manual', 'changes'],
      ['holds', 'on_failure', 'without condition'],
    ]);
  });

  test('what is taken for granted stands with the rule that needs it', () => {
    expect(trace('unit').map(({ assumed }) => assumed.length)).toEqual([0, 0, 1, 0]);
    expect(trace('unit', { ref: 'topic', changed: ['docs/a'] }).map(({ state }) => state)).toEqual([
      'fails',
      'fails',
      'fails',
      'decides',
    ]);
  });

  test('a variable of the workflow’s rule counts', () => {
    expect(trace('unit', { event: 'tag', ref: 'v1' })[0]?.state).toBe('decides');
  });

  test('each job of a matrix has its own', () => {
    expect(trace('matrix: [linux]')[0]?.state).toBe('fails');
    expect(trace('matrix: [darwin]')[0]?.state).toBe('decides');
  });

  test('without rules there are none; what cannot be read is unclear', () => {
    expect(trace('bare')).toEqual([]);
    expect(trace('wrong').map(({ state }) => state)).toEqual(['unclear', 'decides']);
  });

  test('each knows its line', () => {
    expect(trace('unit').map(({ at }) => at.line)).toEqual([12, 14, 15, 17]);
  });

  test('what changed and is not known is taken as true, with why', () => {
    const assumed = (given: Partial<PipelineContext>, name = 'unit') =>
      trace(name, { ref: 'topic', ...given }).flatMap((rule) => rule.assumed);
    expect(assumed({ changed: ['README.md'] })).toEqual([]);
    expect(assumed({})).toEqual(['rules:changes is true: there is nothing to compare with']);
    expect(assumed({ unread: 'a commit is gone' })).toEqual([
      'rules:changes is taken as true: a commit is gone',
    ]);
  });

  test('what a push changed says nothing of another ref', () => {
    const rules = (given: Partial<PipelineContext>) =>
      trace('compared', { changed: ['README.md'], ...given }).map(({ state, assumed }) => [state, assumed]);
    expect(rules({})).toEqual([['fails', []]]);
    expect(rules({ isOwnChange: true })).toEqual([
      ['decides', ['rules:changes is taken as true: nobody compared with main']],
    ]);
  });
});
