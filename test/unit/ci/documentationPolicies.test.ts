import { describe, expect, test } from 'vitest';
import { ask, check, type Example, names } from './ask.ts';

/* Examples in the words of https://docs.gitlab.com/ci/yaml/ and its page of deprecated keywords. */

const script = 'script: echo';

describe('parallel', () => {
  test('parallel: N names jobs "name 1/N"', () => {
    expect(names(ask(`test:\n  ${script}\n  parallel: 3\n`))).toEqual(['test 1/3', 'test 2/3', 'test 3/3']);
  });

  const matrix = `deploystacks:\n  stage: build\n  ${script}\n  parallel:\n    matrix:\n      - PROVIDER: aws\n        STACK: [monitoring, app1]\n      - PROVIDER: [gcp, vultr]\n        STACK: [data]\n`;

  test('parallel:matrix runs every combination, named by its values', () => {
    expect(names(ask(matrix))).toEqual([
      'deploystacks: [aws, app1]',
      'deploystacks: [aws, monitoring]',
      'deploystacks: [gcp, data]',
      'deploystacks: [vultr, data]',
    ]);
  });

  test('needs:parallel:matrix needs some of the parallel jobs; a need on the name needs them all', () => {
    const { jobs } = ask(
      `${matrix}one:\n  ${script}\n  needs:\n    - job: deploystacks\n      parallel:\n        matrix:\n          - PROVIDER: aws\n            STACK: app1\nall:\n  ${script}\n  needs: [deploystacks]\n`,
    );
    const needs = (name: string) => jobs.find((job) => job.name === name)?.needs?.map(({ job }) => job);
    expect(needs('one')).toEqual(['deploystacks: [aws, app1]']);
    expect(needs('all')).toHaveLength(4);
  });

  test('matrix variables choose the runner by tags', () => {
    const { jobs } = ask(
      `job:\n  ${script}\n  tags: ["\${PROVIDER}-runner"]\n  parallel:\n    matrix:\n      - PROVIDER: [aws, gcp]\n`,
    );
    expect(jobs.map(({ tags }) => tags)).toEqual([['aws-runner'], ['gcp-runner']]);
  });

  test('a matrix makes at most 200 jobs', () => {
    const values = `[${Array.from({ length: 201 }, (_, at) => `v${at}`).join(', ')}]`;
    check({
      text: `job:\n  ${script}\n  parallel:\n    matrix:\n      - A: ${values}\n`,
      error: 'maximum is 200',
    });
  });
});

describe('only and except', () => {
  const examples: Record<string, Example> = {
    'only: main': {
      text: `a:\n  ${script}\n  only: [main]\nb:\n  ${script}\n  only: [other]\n`,
      jobs: ['a'],
    },
    'only: tags': {
      text: `a:\n  ${script}\n  only: [tags]\nb:\n  ${script}\n  only: [branches]\n`,
      question: { event: 'tag', ref: 'v1.0.0' },
      jobs: ['a'],
    },
    'only: merge_requests': {
      text: `a:\n  ${script}\n  only: [merge_requests]\nb:\n  ${script}\n`,
      question: { event: 'merge_request', ref: 'feature' },
      jobs: ['a'],
    },
    'only with a pattern, except with a word': {
      text: `a:\n  ${script}\n  only: [/^issue-.*$/]\n  except: [branches]\nb:\n  ${script}\n`,
      question: { ref: 'issue-1' },
      jobs: ['b'],
    },
    'only:variables': {
      text: `a:\n  ${script}\n  only:\n    variables: [$RELEASE == "staging", $STAGING]\n`,
      question: { variables: { RELEASE: 'staging' } },
      jobs: ['a'],
    },
    'only:changes': {
      text: `a:\n  ${script}\n  only:\n    refs: [branches]\n    changes: [Dockerfile]\nb:\n  ${script}\n`,
      question: { changed: ['other'] },
      jobs: ['b'],
    },
    'except: schedules': {
      text: `a:\n  ${script}\n  except: [schedules]\nb:\n  ${script}\n`,
      question: { event: 'schedule' },
      jobs: ['b'],
    },
  };
  test.each(Object.entries(examples))('%s', (_, example) => check(example));
});
