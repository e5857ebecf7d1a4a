import { type RealCases, real } from './realCase.ts';

/** Jobs that a rule must find, and those that only look like them. */
export const realJobs: RealCases = [
  real(
    'needs: [] + dependencies []',
    'b: {stage: build, script: ls}\na: {script: ls, needs: [], dependencies: []}\n',
    [],
  ),
  real(
    'dotenv missing: needs other',
    'v:\n  stage: build\n  script:\n    - echo "VERSION=1" >> build.env\n  artifacts: {reports: {dotenv: build.env}}\nx: {stage: build, script: ls}\na:\n  needs: [x]\n  script:\n    - deploy "$VERSION"\n',
    ['needs-drop-variable'],
  ),
  real(
    'dotenv via tee -a',
    'v:\n  stage: build\n  script:\n    - echo "VERSION=1" | tee -a build.env\n  artifacts: {reports: {dotenv: build.env}}\na:\n  needs: [{job: v, artifacts: false}]\n  script:\n    - deploy "$VERSION"\n',
    ['needs-drop-variable'],
  ),
  real(
    'dotenv ok stage order',
    'v:\n  stage: build\n  script:\n    - echo "VERSION=1" > build.env\n  artifacts: {reports: {dotenv: build.env}}\na:\n  script:\n    - deploy "$VERSION"\n',
    [],
  ),
  real(
    'dotenv dependencies []',
    'v:\n  stage: build\n  script:\n    - printf "VERSION=%s\\n" 1 > build.env\n  artifacts: {reports: {dotenv: build.env}}\na:\n  dependencies: []\n  script:\n    - deploy "$VERSION"\n',
    ['needs-drop-variable'],
  ),
  real(
    'artifact path lost',
    'b:\n  stage: build\n  script: make\n  artifacts: {paths: [out/app.tar]}\na:\n  needs: []\n  script:\n    - tar -xf out/app.tar\n',
    ['needs-drop-artifacts'],
  ),
  real(
    'artifact path lost, dir and single segment',
    'b:\n  stage: build\n  script: make\n  artifacts: {paths: [dist/]}\na:\n  needs: []\n  script:\n    - cp -r dist/ /srv\n',
    ['needs-drop-artifacts'],
  ),
  real(
    'artifact made itself',
    'b:\n  stage: build\n  script: make\n  artifacts: {paths: [out/app.tar]}\na:\n  needs: []\n  script:\n    - make out/app.tar\n    - tar -xf out/app.tar\n',
    [],
  ),
  real(
    'twine upload dist',
    'b:\n  stage: build\n  script: python -m build\n  artifacts: {paths: [dist/]}\npublish:\n  stage: deploy\n  needs: []\n  script:\n    - twine upload dist/*\n',
    ['needs-drop-artifacts'],
  ),
  real(
    'need on manual',
    'b: {stage: build, script: ls, when: manual}\na: {script: ls, needs: [b], when: manual}\n',
    [],
  ),
  real(
    'need on changes same anchor',
    '.c: &c {rules: [{changes: [x]}]}\nb: {stage: build, script: ls, <<: *c}\na: {script: ls, needs: [b], <<: *c}\n',
    [],
  ),
  real(
    'need on changes only main',
    'b: {stage: build, script: ls, rules: [{if: $CI_COMMIT_BRANCH, changes: [x]}]}\na: {script: ls, needs: [b], rules: [{if: $CI_COMMIT_BRANCH}]}\n',
    ['need-on-changes'],
  ),
  real(
    'need on changes with fallback',
    'b: {stage: build, script: ls, rules: [{changes: [x]}, {when: on_success}]}\na: {script: ls, needs: [b]}\n',
    [],
  ),
  real(
    'never runs: contradictory',
    "z: {script: ls}\nb: {script: ls, rules: [{if: '$CI_COMMIT_TAG && $CI_COMMIT_BRANCH'}]}\n",
    ['job-never-runs'],
  ),
  real(
    'never: when never intentionally disabled',
    'z: {script: ls}\nb: {script: ls, rules: [{when: never}]}\n',
    ['job-never-runs'],
  ),
  real(
    'never: MR rule where workflow excludes MR',
    'workflow: {rules: [{if: $CI_COMMIT_BRANCH}]}\nz: {script: ls}\nb: {script: ls, rules: [{if: \'$CI_PIPELINE_SOURCE == "merge_request_event"\'}]}\n',
    ['job-never-runs'],
  ),
  real(
    'never: parent pipeline',
    'z: {script: ls}\nb: {script: ls, rules: [{if: \'$CI_PIPELINE_SOURCE == "parent_pipeline"\'}]}\n',
    [],
  ),
  real('unused file', 'a: {script: ls}\n', ['unused-ci-file'], { '.gitlab/ci/x.yml': 'b: {script: ls}' }),
  real('file used by trigger', 'a: {trigger: {include: .gitlab/ci/x.yml}}\n', [], {
    '.gitlab/ci/x.yml': 'b: {script: ls}',
  }),
  real('file used by wildcard', 'include: .gitlab/ci/*.yml\na: {script: ls}\n', [], {
    '.gitlab/ci/x.yml': 'b: {script: ls}',
  }),
  real(
    'file included only under rules',
    'include: [{local: .gitlab/ci/x.yml, rules: [{if: $NIGHTLY}]}]\na: {script: ls}\n',
    [],
    { '.gitlab/ci/x.yml': 'b: {script: ls}' },
  ),
  real('default var', 'variables: {A: "${B:-c}"}\na: {script: ls}\n', ['default-in-variables']),
  real(
    'default var expand false',
    'variables: {A: {value: "${B:-c}", expand: false}}\na: {script: ls}\n',
    [],
  ),
  real(
    'after_script lost',
    'a:\n  image: debian:13\n  script:\n    - export FOO=bar\n  after_script:\n    - echo $FOO\n',
    ['lost-in-after-script'],
  ),
  real(
    'after_script prefix assignment',
    'a:\n  image: debian:13\n  script:\n    - FOO=bar make\n  after_script:\n    - echo ${FOO:-}\n',
    [],
  ),
  real(
    'after_script multi',
    'a:\n  image: debian:13\n  script:\n    - |\n      STATUS=ok\n      run || STATUS=bad\n  after_script:\n    - notify "$STATUS"\n',
    ['lost-in-after-script'],
  ),
  real(
    'after_script gitlab set',
    'a:\n  image: debian:13\n  script:\n    - CI_X=1\n  after_script:\n    - echo $CI_JOB_STATUS\n',
    [],
  ),
  real(
    'skip looks done',
    'sign:\n  image: debian:13\n  script:\n    - if [ -z "$CI_X" ]; then echo skip; exit 0; fi\n    - codesign x\n',
    ['skip-looks-done'],
  ),
  real(
    'skip [[ ]] || exit 0',
    'sign:\n  image: debian:13\n  script:\n    - \'[ -n "$CI_X" ] || exit 0\'\n    - codesign x\n',
    ['skip-looks-done'],
  ),
  real(
    'gate may fail ok',
    'test: {stage: build, script: ls, allow_failure: {exit_codes: 3}}\nrelease: {stage: deploy, script: ls, needs: [test]}\n',
    [],
  ),
];
