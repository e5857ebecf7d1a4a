import type { Cases } from './cases.ts';

const cached = (body: string) => `a:\n  script: ls\n  cache:\n${body}`;
const made = (body: string) =>
  `make:\n  stage: build\n  script: make\n  artifacts:\n    paths: [bin/]\n${body}`;

export const storeCases: Cases = {
  'cache-ignores-lock': {
    bad: cached('    key: $CI_COMMIT_REF_SLUG\n    paths: [node_modules/]\n'),
    line: 4,
    files: { 'package-lock.json': '{}' },
    good: [
      cached('    key: { files: [package-lock.json] }\n    paths: [node_modules/]\n'),
      cached('    key: $CI_COMMIT_REF_SLUG\n    paths: [.npm/]\n'),
      cached('    key: $LOCK_HASH\n    paths: [node_modules/]\n'),
      cached('    key: $CI_COMMIT_REF_SLUG\n    policy: pull\n    paths: [node_modules/]\n'),
    ],
  },
  'cache-mixes-branches': {
    bad: `${cached('    key: deps\n    paths: [node_modules/]\n')}  rules: [{ when: on_success }]\n`,
    line: 4,
    good: [
      `${cached('    key: deps-$CI_COMMIT_REF_SLUG\n    paths: [node_modules/]\n')}  rules: [{ when: on_success }]\n`,
      `${cached('    key: deps\n    paths: [_ccache/]\n')}  rules: [{ when: on_success }]\n`,
      `${cached('    key: deps\n    paths: [target]\n')}  rules: [{ if: $CI_COMMIT_BRANCH }]\n`,
    ],
  },
  'cache-fallback-protected': {
    bad: `${cached('    key: $CI_COMMIT_REF_SLUG\n    fallback_keys: [x-main]\n    paths: [x]\n')}  rules: [{ when: on_success }]\n`,
    line: 5,
    good: [
      `${cached('    key: $CI_COMMIT_REF_SLUG\n    unprotect: true\n    fallback_keys: [x-main]\n    paths: [x]\n')}  rules: [{ when: on_success }]\n`,
      cached('    key: $CI_COMMIT_REF_SLUG\n    fallback_keys: [x-main]\n    paths: [x]\n'),
      `${cached('    key: $CI_COMMIT_REF_SLUG\n    fallback_keys: [x-domain]\n    paths: [x]\n')}  rules: [{ when: on_success }]\n`,
    ],
  },
  'artifacts-expire-early': {
    bad: `${made('    expire_in: 1 hour\n')}use:\n  script: ls\n  needs: [make]\n  when: delayed\n  start_in: 2 hours\n`,
    line: 6,
    good: [
      `${made('    expire_in: 1 day\n')}use:\n  script: ls\n  needs: [make]\n  when: delayed\n  start_in: 2 hours\n`,
      `${made('    expire_in: never\n')}use:\n  script: ls\n  needs: [make]\n`,
      made('    expire_in: 5 min\n'),
    ],
  },
  'failed-product-published': {
    bad: `${made('    when: always\n')}  allow_failure: true\nrelease:\n  script: upload\n  needs: [make]\n`,
    line: 6,
    good: [
      `${made('    when: always\n')}release:\n  script: upload\n  needs: [make]\n`,
      `${made('')}  allow_failure: true\nrelease:\n  script: upload\n  needs: [make]\n`,
      `${made('    when: always\n')}  allow_failure: true\nreport:\n  script: upload\n  needs: [make]\n`,
    ],
  },
};
