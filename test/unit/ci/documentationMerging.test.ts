import { describe, expect, test } from 'vitest';
import { ask, keyword, messages, names } from './ask.ts';

/* Examples in the words of https://docs.gitlab.com/ci/yaml/, ci/yaml/includes, ci/yaml/yaml_optimization and ci/inputs. */

const script = 'script: echo';

describe('extends', () => {
  test('merges mappings, and replaces lists by those of the closest', () => {
    const set = ask(
      '.only-important:\n  variables:\n    URL: "http://my-url.internal"\n    IMPORTANT_VAR: "the details"\n  rules:\n    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\n  tags: [production]\n  script: [echo "Hello world!"]\n.in-docker:\n  variables:\n    URL: "http://docker-url.internal"\n  tags: [docker]\n  image: alpine\nrspec:\n  variables:\n    GITLAB: "is-awesome"\n  extends: [.only-important, .in-docker]\n  script: [rake rspec]\n',
    );
    expect(keyword(set, 'rspec', 'variables')).toEqual({
      URL: 'http://docker-url.internal',
      IMPORTANT_VAR: 'the details',
      GITLAB: 'is-awesome',
    });
    expect(keyword(set, 'rspec', 'tags')).toEqual(['docker']);
    expect(keyword(set, 'rspec', 'script')).toEqual(['rake rspec']);
  });

  test('a null in the child takes the parent’s keyword away', () => {
    const set = ask(
      '.base:\n  script: a\n  variables: { A: b }\n  rules:\n    - if: $CI_COMMIT_TAG\njob:\n  extends: .base\n  rules: null\n',
    );
    expect(names(set)).toEqual(['job']);
  });

  test('more than ten levels, unknown bases and circles are refused', () => {
    const levels = Array.from({ length: 13 }, (_, at) => `.t${at}:\n  extends: .t${at + 1}\n`).join('');
    expect(messages(ask(`${levels}.t13:\n  ${script}\njob:\n  extends: .t0\n`)).join()).toContain(
      'nesting too deep',
    );
    expect(messages(ask(`job:\n  extends: .none\n  ${script}\n`))).toEqual([
      'job: unknown keys in `extends` (.none)',
    ]);
    expect(messages(ask(`.a:\n  extends: .b\n.b:\n  extends: .a\njob:\n  ${script}\n`)).join()).toContain(
      'circular',
    );
  });

  test('a job of an included file can be extended', () => {
    const set = ask('include: included.yml\nuseTemplate:\n  script: echo Hello\n  extends: .template\n', {
      files: { 'included.yml': '.template:\n  tags: [docker]\n' },
    });
    expect(keyword(set, 'useTemplate', 'tags')).toEqual(['docker']);
  });
});

describe('!reference and anchors', () => {
  test('reuses keywords of other jobs, also within a list', () => {
    const set = ask(
      '.setup:\n  script:\n    - echo creating environment\n.vars:\n  variables:\n    URL: "http://my-url.internal"\ntest:\n  variables:\n    MY_URL: !reference [.vars, variables, URL]\n  script:\n    - !reference [.setup, script]\n    - echo running my own command\n',
    );
    expect(keyword(set, 'test', 'variables')).toEqual({ MY_URL: 'http://my-url.internal' });
    expect(keyword(set, 'test', 'script')).toEqual([
      ['echo creating environment'],
      'echo running my own command',
    ]);
  });

  test('reference tags can be nested', () => {
    const set = ask(
      '.snippets:\n  one: [echo "ONE!"]\n  two:\n    - !reference [.snippets, one]\n    - echo "TWO!"\nnested-references:\n  script:\n    - !reference [.snippets, two]\n',
    );
    expect(JSON.stringify(keyword(set, 'nested-references', 'script'))).toContain('ONE!');
  });

  test('anchors with << merge mappings, and lists of scripts flatten', () => {
    const set = ask(
      '.job_template: &job_configuration\n  image: ruby:2.6\n  tags: [a]\n.postgres: &postgres\n  services: [postgres]\n.lines: &lines\n  - echo one\n  - echo two\ntest:\n  <<: *job_configuration\n  <<: *postgres\n  tags: [dev]\n  script:\n    - *lines\n    - echo three\n',
    );
    expect([
      keyword(set, 'test', 'image'),
      keyword(set, 'test', 'services'),
      keyword(set, 'test', 'tags'),
    ]).toEqual(['ruby:2.6', ['postgres'], ['dev']]);
    expect(messages(set)).toEqual([]);
  });
});

describe('default and inherit', () => {
  const defaults =
    'default:\n  image: ruby:3.0\n  retry: 2\n  interruptible: true\n  tags: [all]\nvariables:\n  A: "1"\n  B: "2"\n';

  test('default is copied to jobs that do not define the keyword, and not merged', () => {
    const set = ask(`${defaults}rspec:\n  ${script}\nrspec 2.7:\n  image: ruby:2.7\n  ${script}\n`);
    expect([keyword(set, 'rspec', 'image'), keyword(set, 'rspec 2.7', 'image')]).toEqual([
      'ruby:3.0',
      'ruby:2.7',
    ]);
    expect(keyword(set, 'rspec', 'retry')).toBe(2);
  });

  test('inherit:default: false, or a list of what to inherit', () => {
    const set = ask(
      `${defaults}a:\n  ${script}\n  inherit: { default: false }\nb:\n  ${script}\n  inherit: { default: [image] }\n`,
    );
    expect([keyword(set, 'a', 'image'), keyword(set, 'b', 'image')]).toEqual([undefined, 'ruby:3.0']);
    expect(set.jobs.map(({ tags }) => tags)).toEqual([[], []]);
  });

  test('inherit:variables decides which global variables rules see', () => {
    const rules = '  rules:\n    - if: $A && $B\n';
    const set = ask(
      `${defaults}all:\n  ${script}\n${rules}none:\n  ${script}\n  inherit: { variables: false }\n${rules}one:\n  ${script}\n  inherit: { variables: [A] }\n${rules}`,
    );
    expect(names(set)).toEqual(['all']);
  });
});

describe('variables', () => {
  test.each([
    ['a job’s own win over global ones', 'variables: { X: a }\njob:\n  variables: { X: b }\n', 'b'],
    [
      'variables of the pipeline win over all',
      'variables: { P: a }\njob:\n  variables: { P: b, X: $P }\n',
      'given',
    ],
    ['are expanded in others', 'variables: { A: a, X: "${A}b" }\njob:\n', 'ab'],
    [
      'value of the long form',
      'variables:\n  X:\n    value: prod\n    description: Where\n    options: [prod, dev]\njob:\n',
      'prod',
    ],
    ['numbers are text', 'job:\n  variables: { X: 12 }\n', '12'],
  ])('%s', (_, text, wanted) => {
    const set = ask(`${text}  ${script}\n  tags: [$X]\n`, { variables: { P: 'given' } });
    expect(set.jobs[0]?.tags).toEqual([wanted]);
  });

  test.each([
    [
      'a value that is not among its options',
      'variables:\n  X:\n    value: a\n    options: [b]\n',
      'must be present in options',
    ],
    [
      'options in a job',
      'job2:\n  script: a\n  variables:\n    X:\n      value: a\n      options: [a]\n',
      'invalid data keys: options',
    ],
    ['a list as a value', 'variables: { X: [a] }\n', 'must be either a string or a hash'],
  ])('refuses %s', (_, text, error) => {
    expect(messages(ask(`${text}job:\n  ${script}\n`)).join()).toContain(error);
  });
});

describe('include', () => {
  const files = {
    'configs/a.yml': 'a:\n  script: echo\n',
    'configs/b.yml': 'b:\n  script: echo\n',
    'configs/sub/c.yml': 'c:\n  script: echo\n',
  };

  test.each([
    ['configs/*.yml', ['a', 'b']],
    ['configs/**.yml', ['a', 'b', 'c']],
    ['configs/**/*.yml', ['c']],
  ])('include:local with %s', (pattern, jobs) => {
    expect(names(ask(`include: '${pattern}'\n`, { files }))).toEqual(jobs);
  });

  test('include:rules decide whether a file is included', () => {
    const text =
      'include:\n  - local: configs/a.yml\n    rules:\n      - if: $CI_COMMIT_TAG\n  - local: configs/b.yml\n    rules:\n      - exists: [configs/a.yml]\n';
    expect(names(ask(text, { files }))).toEqual(['b']);
  });

  test('the including file overrides what it includes', () => {
    const set = ask('include: configs/a.yml\na:\n  variables: { X: y }\n', { files });
    expect(keyword(set, 'a', 'script')).toBe('echo');
    expect(keyword(set, 'a', 'variables')).toEqual({ X: 'y' });
  });

  test('spec:inputs fill the included file, with defaults, options and types', () => {
    const spec =
      'spec:\n  inputs:\n    stage: { default: test }\n    env: { options: [dev, prod] }\n    count: { type: number, default: 1 }\n---\n"run-$[[ inputs.env ]]":\n  stage: $[[ inputs.stage ]]\n  script: echo\n  parallel: $[[ inputs.count ]]\n';
    const include = (inputs: string) =>
      ask(`include:\n  - local: t.yml\n    inputs: ${inputs}\n`, { files: { 't.yml': spec } });
    expect(names(include('{ env: dev, count: 2 }'))).toEqual(['run-dev 1/2', 'run-dev 2/2']);
    expect(messages(include('{ env: test }')).join()).toContain('not in the list of allowed options');
    expect(messages(include('{}')).join()).toContain('`env` input: required value has not been provided');
    expect(messages(include('{ env: dev, other: 1 }')).join()).toContain('unknown input arguments: other');
  });
});
