import type { Cases } from './cases.ts';

const with_ = (rule: string) =>
  `a:\n  stage: build\n  script: ls\nb:\n  stage: build\n  script: ls\n  rules:\n    - if: ${rule}\n`;
const advisory = (keywords: string) =>
  `lint:\n  stage: build\n  script: lint\n${keywords}test:\n  script: ls\n`;

export const eventCases: Cases = {
  'job-never-runs': {
    bad: with_(`$CI_PIPELINE_SOURCE == "merge_request_event" && $CI_COMMIT_BRANCH`),
    line: 8,
    good: [
      with_(`$CI_PIPELINE_SOURCE == "merge_request_event"`),
      with_(`$CI_PIPELINE_SOURCE == "trigger"`),
      with_(`$CI_COMMIT_BRANCH == "release"`),
      with_('$CI_COMMIT_TAG =~ /^v9/'),
      with_('$NIGHTLY == "true"'),
      with_('$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH'),
    ],
  },
  'no-test-runs': {
    bad: 'build:\n  stage: build\n  script: ls\ntest:\n  script: ls\n  rules:\n    - if: $CI_COMMIT_TAG\n',
    line: 7,
    good: [
      'build:\n  stage: build\n  script: ls\ntest:\n  script: ls\n  rules:\n    - if: $CI_MERGE_REQUEST_IID\n',
      'build:\n  stage: build\n  script: ls\ntest:\n  script: ls\n  rules:\n    - if: $NIGHTLY\n',
      'build:\n  stage: build\n  script: ls\n',
    ],
  },
  'advisory-holds-stages': {
    bad: advisory('  needs: []\n  allow_failure: true\n'),
    line: 4,
    good: [
      advisory('  needs: []\n'),
      `${advisory('  needs: []\n  allow_failure: true\n')}  needs: []\n`,
      `${advisory('  needs: []\n  allow_failure: true\n')}  needs: [lint]\n`,
    ],
  },
  'delay-holds-stages': {
    bad: 'wait:\n  stage: build\n  script: ls\n  when: delayed\n  start_in: 1 hour\ntest:\n  script: ls\n',
    line: 1,
    good: [
      'wait:\n  stage: deploy\n  script: ls\n  when: delayed\n  start_in: 1 hour\ntest:\n  script: ls\n',
      'wait:\n  stage: build\n  script: ls\n  when: delayed\n  start_in: 1 hour\ntest:\n  script: ls\n  needs: []\n',
    ],
  },
  'manual-holds-stages': {
    bad: 'gate:\n  stage: build\n  script: ls\n  rules:\n    - when: manual\ntest:\n  script: ls\n',
    line: 5,
    good: [
      'gate:\n  stage: build\n  script: ls\n  rules:\n    - when: manual\n      allow_failure: true\ntest:\n  script: ls\n',
      'gate:\n  stage: build\n  script: ls\n  allow_failure: false\n  rules:\n    - when: manual\ntest:\n  script: ls\n',
      'gate:\n  stage: deploy\n  script: ls\n  rules:\n    - when: manual\ntest:\n  script: ls\n',
      'gate:\n  stage: build\n  script: ls\n  when: manual\ntest:\n  script: ls\n',
    ],
  },
};
