import { describe, expect, test } from 'vitest';
import { ask, check, type Example, type Question } from './ask.ts';

/* Examples in the words of https://docs.gitlab.com/ci/yaml/ and the pages that it links. */

const mergeRequest = (more: Question = {}): Question => ({ event: 'merge_request', ref: 'feature', ...more });
const tag: Question = { event: 'tag', ref: 'v1.0.0' };
const script = 'script: echo';

describe('rules', () => {
  const examples: Record<string, Example> = {
    'rules are evaluated in order until the first match': {
      text: `job:\n  ${script}\n  rules:\n    - if: $CI_COMMIT_BRANCH\n      when: never\n    - when: always\n`,
      jobs: [],
    },
    'if no rule matches, the job is not added': {
      text: `a:\n  ${script}\njob:\n  ${script}\n  rules:\n    - if: $CI_COMMIT_TAG\n`,
      jobs: ['a'],
    },
    'rules:if with merge_request_event adds the job to merge request pipelines': {
      text: `job:\n  ${script}\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n`,
      question: mergeRequest(),
      jobs: ['job'],
    },
    'rules:if compares the target branch with the default branch': {
      text: `job:\n  ${script}\n  rules:\n    - if: $CI_MERGE_REQUEST_SOURCE_BRANCH_NAME =~ /^feature/ && $CI_MERGE_REQUEST_TARGET_BRANCH_NAME != $CI_DEFAULT_BRANCH\n      when: never\n    - if: $CI_MERGE_REQUEST_SOURCE_BRANCH_NAME =~ /^feature/\n      when: manual\n      allow_failure: true\n    - if: $CI_MERGE_REQUEST_SOURCE_BRANCH_NAME\n`,
      question: mergeRequest(),
      jobs: ['job'],
    },
    'rules:changes in a merge request compares with the target': {
      text: `docker build:\n  ${script}\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n      changes:\n        - Dockerfile\n`,
      question: mergeRequest({ changed: ['README.md'] }),
      jobs: [],
    },
    'rules:changes is true for tag pipelines': {
      text: `job:\n  ${script}\n  rules:\n    - changes: [Dockerfile]\n`,
      question: { ...tag, changed: ['README.md'] },
      jobs: ['job'],
    },
    'rules:changes:paths with a glob in every folder': {
      text: `job:\n  ${script}\n  rules:\n    - changes:\n        paths: ["**/*.{rb,py}"]\n`,
      question: { changed: ['deep/down/a.py'] },
      jobs: ['job'],
    },
    'rules:exists looks for files of the repository': {
      text: `job:\n  ${script}\n  rules:\n    - exists: [Dockerfile]\nother:\n  ${script}\n  rules:\n    - exists: ["**/Missing"]\n`,
      question: { files: { Dockerfile: 'FROM scratch' } },
      jobs: ['job'],
    },
    'all conditions of a rule must hold, any of its paths': {
      text: `job:\n  ${script}\n  rules:\n    - if: $VAR == "string value"\n      changes: [Dockerfile, docker/scripts/**/*]\n      when: manual\n      allow_failure: true\n`,
      question: { changed: ['docker/scripts/a/b'], variables: { VAR: 'string value' } },
      jobs: ['job'],
    },
    'rules cannot be used with only': {
      text: `job:\n  ${script}\n  rules: [{when: always}]\n  only: [main]\n`,
      error: 'key may not be used with `rules`: only',
    },
    'nested arrays of rules come from !reference': {
      text: `.r:\n  rules:\n    - if: $CI_COMMIT_TAG\n    - if: $CI_COMMIT_BRANCH\njob:\n  ${script}\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "schedule"\n      when: never\n    - !reference [.r, rules]\n`,
      jobs: ['job'],
    },
    'a job without rules is not in merge request pipelines': {
      text: `plain:\n  ${script}\nmr:\n  ${script}\n  rules:\n    - if: $CI_MERGE_REQUEST_ID\n`,
      question: mergeRequest(),
      jobs: ['mr'],
    },
  };
  test.each(Object.entries(examples))('%s', (_, example) => check(example));

  test('rules:when and allow_failure override the job’s; manual in rules blocks', () => {
    const { jobs } = ask(
      `a:\n  ${script}\n  when: manual\nb:\n  ${script}\n  rules:\n    - when: manual\nc:\n  ${script}\n  rules:\n    - when: manual\n      allow_failure: true\n`,
    );
    expect(jobs.map(({ name, when, allowFailure }) => [name, when, allowFailure])).toEqual([
      ['a', 'manual', true],
      ['b', 'manual', false],
      ['c', 'manual', true],
    ]);
  });

  test('rules:needs replaces the job’s needs', () => {
    const text = `build-dev:\n  stage: build\n  ${script}\nbuild-prod:\n  stage: build\n  ${script}\nspecs:\n  stage: test\n  ${script}\n  needs: [build-dev]\n  rules:\n    - if: $CI_COMMIT_REF_NAME == $CI_DEFAULT_BRANCH\n      needs: [build-prod]\n    - when: on_success\n`;
    const needs = (ref: string) =>
      ask(text, { ref })
        .jobs.at(-1)
        ?.needs?.map(({ job }) => job);
    expect([needs('main'), needs('other')]).toEqual([['build-prod'], ['build-dev']]);
  });

  test('rules:variables is for the job alone', () => {
    const set = ask(
      `variables:\n  TARGET: staging\njob:\n  ${script}\n  tags: [$TARGET]\n  rules:\n    - if: $CI_COMMIT_REF_NAME == $CI_DEFAULT_BRANCH\n      variables:\n        TARGET: production\n    - when: always\n`,
    );
    expect(set.jobs[0]?.tags).toEqual(['production']);
  });
});

describe('workflow', () => {
  const gate = `workflow:\n  rules:\n    - if: $CI_COMMIT_TITLE =~ /-draft$/\n      when: never\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\njob:\n  ${script}\n`;
  const examples: Record<string, Example> = {
    'a push to the default branch runs': { text: gate, jobs: ['job'] },
    'no rule matches, no pipeline': {
      text: gate,
      question: { ref: 'other' },
      error: 'filtered out by workflow rules',
    },
    'a rule with when: never keeps the pipeline from running': {
      text: gate,
      question: { known: { CI_COMMIT_TITLE: 'Wip-draft' } },
      error: 'filtered out by workflow rules',
    },
    'with workflow, jobs without rules run in merge request pipelines': {
      text: gate,
      question: mergeRequest(),
      jobs: ['job'],
    },
    'workflow:rules:variables reach the jobs’ rules': {
      text: `workflow:\n  rules:\n    - if: $CI_COMMIT_BRANCH\n      variables: { DEPLOY: "yes" }\njob:\n  ${script}\n  rules:\n    - if: $DEPLOY == "yes"\n`,
      jobs: ['job'],
    },
  };
  test.each(Object.entries(examples))('%s', (_, example) => check(example));
});

describe('needs and stages', () => {
  const examples: Record<string, Example> = {
    'a need in a later stage is refused': {
      text: `a:\n  stage: build\n  ${script}\n  needs: [b]\nb:\n  stage: test\n  ${script}\n`,
      error: 'a job: need b is not defined in current or prior stages',
    },
    'needs:optional lets a job be absent': {
      text: `build:\n  stage: build\n  ${script}\n  rules:\n    - if: $CI_COMMIT_TAG\nrspec:\n  stage: test\n  ${script}\n  needs:\n    - job: build\n      optional: true\n`,
      jobs: ['rspec'],
    },
    'a need on a job that is not in the pipeline is an error': {
      text: `build:\n  stage: build\n  ${script}\n  rules:\n    - if: $CI_COMMIT_TAG\nrspec:\n  stage: test\n  ${script}\n  needs: [build]\n`,
      error: "'rspec' job needs 'build' job, but 'build' does not exist in the pipeline",
    },
    'jobs may need jobs of the same stage': {
      text: `a:\n  ${script}\nb:\n  ${script}\n  needs: [a]\n`,
      jobs: ['a', 'b'],
    },
    'without stages, build, test and deploy exist': {
      text: `a:\n  stage: release\n  ${script}\n`,
      error:
        'a job: chosen stage release does not exist; available stages are .pre, build, test, deploy, .post',
    },
    'a pipeline of .pre and .post jobs alone does not run': {
      text: `a:\n  stage: .pre\n  ${script}\nb:\n  stage: .post\n  ${script}\n`,
      error: 'Pipeline will not run',
    },
    'needs in a circle are refused': {
      text: `a:\n  ${script}\n  needs: [b]\nb:\n  ${script}\n  needs: [a]\n`,
      error: 'circular dependencies',
    },
    'dependencies must be in earlier stages': {
      text: `a:\n  stage: test\n  ${script}\n  dependencies: [b]\nb:\n  stage: deploy\n  ${script}\n`,
      error: 'a job: dependency b is not defined in current or prior stages',
    },
  };
  test.each(Object.entries(examples))('%s', (_, example) => check(example));

  test('a job with needs: [] starts at once; without the keyword it waits for its stage', () => {
    const { jobs } = ask(`a:\n  ${script}\n  needs: []\nb:\n  ${script}\n`);
    expect(jobs.map(({ needs }) => needs)).toEqual([[], null]);
  });

  test('needs:artifacts: false waits without downloading', () => {
    const { jobs } = ask(
      `a:\n  stage: build\n  ${script}\nb:\n  ${script}\n  needs:\n    - job: a\n      artifacts: false\n`,
    );
    expect(jobs[1]?.needs).toEqual([{ job: 'a', artifacts: false, optional: false }]);
  });
});
