import { expect, test } from 'vitest';
import { rules } from '../../../source/core/ci/checks/index.ts';
import { found } from './ask.ts';
import type { Cases } from './cases.ts';
import { constantCases, otherConstants, soundBazelrc } from './constantCases.ts';
import { eventCases } from './eventCases.ts';
import { imageCases, otherPorts } from './imageCases.ts';
import { needsCases } from './needsCases.ts';
import { scriptCases } from './scriptCases.ts';
import { storeCases } from './storeCases.ts';

/** Each rule with a configuration that it must find, at which line, and sound twins that it must leave alone. */
const cases: Cases = {
  ...needsCases,
  ...imageCases,
  ...storeCases,
  ...scriptCases,
  ...eventCases,
  ...constantCases,
  'creation-error': { bad: 'a:\n  script: ls\n  needs: [b]\n', line: 3, good: 'a:\n  script: ls\n' },
  'needs-drop-dependencies': {
    bad: 'b:\n  stage: build\n  script: ls\na:\n  script: ls\n  needs: []\n  dependencies: [b]\n',
    line: 6,
    good: 'b:\n  stage: build\n  script: ls\na:\n  script: ls\n  needs: [b]\n  dependencies: [b]\n',
  },
  'need-on-manual': {
    bad: 'b:\n  stage: build\n  script: ls\n  when: manual\na:\n  script: ls\n  needs: [b]\n',
    line: 7,
    good: 'b:\n  stage: build\n  script: ls\n  when: manual\na:\n  script: ls\n  when: manual\n  needs: [b]\n',
  },
  'waits-for-more': {
    before: 'stages: [one, two, three]\na:\n  stage: one\n  script: ls\nz:\n  stage: three\n  script: ls\n',
    bad: 'stages: [one, two, three]\na:\n  stage: one\n  script: ls\nb:\n  stage: two\n  script: ls\nz:\n  stage: three\n  script: ls\n',
    line: 6,
    good: [
      'stages: [one, two, three]\na:\n  stage: one\n  script: ls\nb:\n  stage: three\n  script: ls\nz:\n  stage: three\n  script: ls\n',
      'stages: [one, two, three]\na:\n  stage: one\n  script: ls\nb:\n  stage: two\n  script: ls\nz:\n  stage: three\n  needs: [a]\n  script: ls\n',
      'stages: [one, two, three]\na:\n  stage: one\n  script: ls\nb:\n  stage: two\n  when: manual\n  script: ls\nz:\n  stage: three\n  script: ls\n',
      'stages: [one, two, three]\na:\n  stage: two\n  script: ls\nz:\n  stage: two\n  script: ls\n',
    ],
  },
  'unused-ci-file': {
    bad: 'a:\n  script: ls\n',
    line: 1,
    files: { '.gitlab/ci/old.yml': 'b: { script: ls }' },
    good: 'include: .gitlab/ci/old.yml\na:\n  script: ls\n',
  },
  'bad-substitution': {
    bad: 'a:\n  script:\n    - echo "${#TOKEN:-none}"\n',
    line: 3,
    good: 'a:\n  script:\n    - echo "${#CI} ${CI:-none}" # not ${#CI:-x}\n',
  },
  'default-in-variables': {
    bad: 'a:\n  variables:\n    B: "${C:-d}"\n  script: ls\n',
    line: 3,
    good: 'a:\n  variables:\n    B: "${C}"\n  script: echo "${C:-d}"\n',
  },
  'lost-in-after-script': {
    bad: 'a:\n  script:\n    - export ID=$(start)\n  after_script:\n    - stop "$ID"\n',
    line: 5,
    good: 'a:\n  script:\n    - export ID=$(start)\n  after_script:\n    - ID=$(cat id)\n    - stop "$ID"\n',
  },
  'secret-in-arguments': {
    bad: 'a:\n  script:\n    - docker login -u x -p "$CI_JOB_TOKEN" registry\n',
    line: 3,
    good: 'a:\n  script:\n    - echo "$CI_JOB_TOKEN" | docker login -u x --password-stdin registry\n',
  },
  'cache-never-hits': {
    bad: 'a:\n  script: ls\n  cache:\n    key: $CI_PIPELINE_ID\n    paths: [x]\n',
    line: 4,
    good: 'a:\n  script: ls\n  cache:\n    key: $CI_COMMIT_REF_SLUG\n    paths: [x]\n',
  },
  'no-runner': {
    bad: 'a:\n  script: ls\n  tags: [linux, gpu]\n',
    line: 3,
    good: 'a:\n  script: ls\n  tags: [docker]\nb:\n  script: ls\n',
  },
  'unpinned-image': {
    bad: 'a:\n  image: registry.io:5000/tool\n  script: ls\n',
    line: 2,
    good: 'a:\n  image: registry.io:5000/tool:1.2\n  script: ls\n',
  },
  'archived-kaniko': {
    bad: 'a:\n  image: gcr.io/kaniko-project/executor:v1.23.0-debug\n  script: ls\n',
    line: 2,
    good: 'a:\n  image: moby/buildkit:v0.20-rootless\n  script: ls\n',
  },
  'dind-without-tls': {
    bad: 'a:\n  services: ["docker:28-dind"]\n  variables:\n    DOCKER_TLS_CERTDIR: ""\n  script: ls\n',
    line: 4,
    good: 'a:\n  services: ["docker:28-dind"]\n  variables:\n    DOCKER_TLS_CERTDIR: "/certs"\n  script: ls\n',
  },
};

test('every rule has its cases', () => {
  expect(Object.keys(cases).sort()).toEqual(rules.map(({ id }) => id).sort());
});

test.each(Object.entries(cases))('%s', (rule, { bad, line, good, files, before }) => {
  expect(found(bad, files, before)).toEqual([`${rule}:${line}`]);
  for (const one of [good].flat()) expect(found(one, files, before), one).toEqual([]);
});

test('a comment on the line above suppresses a rule, and only that rule', () => {
  const lines = [
    'a:',
    '  # huskycat: ignore unpinned-image tracked elsewhere',
    '  image: alpine',
    '  script: ls',
    '',
  ];
  expect(found(lines.join('\n'))).toEqual([]);
  expect(found(lines.join('\n').replace('unpinned-image', 'creation-error'))).toEqual(['unpinned-image:3']);
});

test.each(soundBazelrc)('%s', (text) => {
  expect(found('a:\n  script: ls\n', { '.bazelrc': text })).toEqual([]);
});

test.each(otherConstants)('constants-differ: %j and %s: %j', (config, path, text, line) => {
  expect(found(config, { [path]: text })).toEqual(line === 0 ? [] : [`constants-differ:${line}`]);
});

test.each(otherPorts)('service-port-differs: %j', (config, line) => {
  expect(found(config)).toEqual([`service-port-differs:${line}`]);
});
