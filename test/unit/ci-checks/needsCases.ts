import type { Cases } from './cases.ts';

const writer = `write:
  stage: build
  script:
    - echo "IMAGE_TAG=v1" >> build.env
  artifacts:
    reports:
      dotenv: build.env
other:
  stage: build
  script: ls
`;

const maker = `make:
  stage: build
  script: make
  artifacts:
    paths: [dist/bin/]
other:
  stage: build
  script: ls
`;

const sometimes = `docs:
  stage: build
  script: ls
  rules:
    - changes: [docs/**/*]
`;

export const needsCases: Cases = {
  'needs-drop-variable': {
    bad: `${writer}use:\n  needs: [other]\n  script:\n    - deploy "$IMAGE_TAG"\n`,
    line: 12,
    good: [
      `${writer}use:\n  needs: [write]\n  script:\n    - deploy "$IMAGE_TAG"\n`,
      `${writer}use:\n  script:\n    - deploy "$IMAGE_TAG"\n`,
      `${writer}use:\n  needs: [other]\n  script:\n    - IMAGE_TAG=$(cat tag)\n    - deploy "$IMAGE_TAG"\n`,
      `${writer}use:\n  needs: [other]\n  script:\n    - deploy "\${IMAGE_TAG:-latest}"\n`,
    ],
  },
  'needs-drop-artifacts': {
    bad: `${maker}use:\n  needs: [other]\n  script:\n    - cp dist/bin/tool /usr/bin/tool\n`,
    line: 12,
    good: [
      `${maker}use:\n  needs: [make]\n  script:\n    - cp dist/bin/tool /usr/bin/tool\n`,
      `${maker}use:\n  script:\n    - cp dist/bin/tool /usr/bin/tool\n`,
      `${maker}use:\n  needs: [other]\n  script:\n    - make dist/bin/tool\n    - cp dist/bin/tool /usr/bin/tool\n`,
      `${maker}use:\n  needs: [other]\n  script:\n    - mkdir -p dist\n    - cp tool dist/bin\n`,
      `${maker}use:\n  needs: [other]\n  script:\n    - cd elsewhere\n    - cp dist/bin/tool /usr/bin/tool\n`,
    ],
  },
  'need-on-changes': {
    bad: `${sometimes}use:\n  script: ls\n  needs: [docs]\n`,
    line: 8,
    good: [
      `${sometimes}use:\n  script: ls\n  needs: [{job: docs, optional: true}]\n`,
      `${sometimes}    - if: $CI_COMMIT_BRANCH\n    - if: $CI_COMMIT_TAG\n    - if: $CI_MERGE_REQUEST_IID\nuse:\n  script: ls\n  needs: [docs]\n`,
      `${sometimes}use:\n  script: ls\n  needs: [docs]\n  rules:\n    - changes: [docs/**/*]\n`,
    ],
  },
};
