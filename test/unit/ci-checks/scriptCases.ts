import type { Cases } from './cases.ts';

const script = (...lines: readonly string[]) =>
  `a:\n  script:\n${lines.map((line) => `    - '${line.replaceAll("'", "''")}'\n`).join('')}`;

export const scriptCases: Cases = {
  'secret-echoed': {
    bad: script('echo "token: $CI_JOB_TOKEN"'),
    line: 3,
    good: [
      script('echo "$CI_JOB_TOKEN" | docker login --password-stdin'),
      script('echo "$CI_JOB_TOKEN" > token'),
      script('echo "set \\$CI_JOB_TOKEN"', "echo 'use $CI_JOB_TOKEN'"),
      script('set -x', 'ls', 'set +x', 'login "$CI_JOB_TOKEN"'),
      script('AUTH=$(echo -n "user:$CI_JOB_TOKEN" | base64)'),
    ],
  },
  'secret-in-process-list': {
    bad: script('curl --header "JOB-TOKEN: $CI_JOB_TOKEN" "$CI_API_V4_URL/x"'),
    line: 3,
    good: [
      script('curl --header @headers "$CI_API_V4_URL/x"'),
      script('curl --header "Accept: $CI_JOB_NAME" "$CI_API_V4_URL/x"'),
    ],
  },
  'environment-printed': {
    bad: script('env | sort'),
    line: 3,
    good: [
      script('env FOO=1 make', 'set -euo pipefail', 'printenv HOME', 'env | grep ^CI_COMMIT'),
      script('env > build.env', 'env | cut -d= -f1', 'export FOO=1', 'set -- a b', 'echo env'),
      script('if env | grep -q FOO; then make; fi', 'ALL=$(env)', 'env -i make'),
    ],
  },
  'secret-in-build-arg': {
    bad: script('docker build --build-arg NPM_TOKEN=$CI_JOB_TOKEN -t x .'),
    line: 3,
    good: [
      script('docker build --secret id=npm,env=CI_JOB_TOKEN -t x .'),
      script('docker build --build-arg VERSION=$CI_COMMIT_TAG -t x .'),
    ],
  },
  'bash-in-sh': {
    bad: `a:\n  image: alpine:3.20\n  script:\n    - |\n      set -e\n      FILES=(a b)\n`,
    line: 6,
    good: [
      `a:\n  image: debian:13\n  script:\n    - FILES=(a b)\n`,
      `a:\n  image: alpine:3.20\n  script:\n    - if [[ "$CI" ]]; then source x; fi\n    - bash -c 'A=(a b)'\n    - echo "a <<< b" '\${x^^}'\n`,
      `a:\n  image: alpine:3.20\n  script:\n    - |\n      cat > x.sh <<'EOF'\n      A=(a b)\n      EOF\n`,
    ],
  },
  'variable-set-nowhere': {
    bad: script('deploy "$DEPLOY_TARGET"'),
    line: 3,
    good: [
      script('deploy "${DEPLOY_TARGET:-staging}"'),
      script('if [ -n "$DEPLOY_TARGET" ]; then deploy "$DEPLOY_TARGET"; fi'),
      script('. ./environment', 'deploy "$DEPLOY_TARGET"'),
      script('DEPLOY_TARGET=x', 'deploy "$DEPLOY_TARGET" "$CI_COMMIT_SHA" "$HOME"'),
      `${script('deploy "$DEPLOY_TARGET"')}  parallel:\n    matrix:\n      - DEPLOY_TARGET: [x, y]\n`,
    ],
  },
  'grep-for-nothing': {
    bad: script('codesign -d app | grep "TeamIdentifier=$TEAM_NAME" # huskycat: ignore variable-set-nowhere'),
    line: 3,
    good: [
      script('codesign -d app | grep "TeamIdentifier=${TEAM_NAME:?}"'),
      script('TEAM_NAME=x', 'grep -q "$TEAM_NAME" log'),
      script('grep -q "$CI_COMMIT_TAG" CHANGELOG.md'),
    ],
  },
  'failure-ignored': {
    bad: script('pytest tests || true'),
    line: 3,
    good: [
      script('pytest tests'),
      script('rm report.xml || true'),
      script('set +e', 'pytest tests', 'code=$?', 'exit $code'),
      `${script('pytest tests')}  after_script:\n    - security delete-keychain x || true\n`,
    ],
  },
  'skip-looks-done': {
    bad: `sign:\n  script:\n    - |\n      if [ -z "$SIGN_ID" ]; then\n        exit 0\n      fi\n    - codesign app\n`,
    line: 4,
    good: [
      `sign:\n  script:\n    - |\n      if [ -z "$SIGN_ID" ]; then\n        exit 1\n      fi\n    - codesign app\n`,
      `upload:\n  script:\n    - if [ -z "$SIGN_ID" ]; then exit 0; fi\n    - upload\n`,
    ],
  },
  'gate-may-fail': {
    bad: 'scan:\n  stage: build\n  script: scan\n  allow_failure: true\nrelease:\n  script: upload\n  needs: [scan]\n',
    line: 4,
    good: [
      'scan:\n  stage: build\n  script: scan\nrelease:\n  script: upload\n  needs: [scan]\n',
      'scan:\n  stage: build\n  script: scan\n  allow_failure: true\nreport:\n  script: upload\n  needs: [scan]\n',
    ],
  },
};
