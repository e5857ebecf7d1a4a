import { execFileSync } from 'node:child_process';
import { openRepository } from '../services/git/repository.ts';

/** A repository of these files, all in one commit, with a remote on GitLab. */
export function repository(files: Readonly<Record<string, string>>): string {
  const { root, git, commit } = openRepository(files);
  commit();
  git('remote', 'add', 'origin', 'git@gitlab.com:tinyland/ai/huskycat.git');
  return root;
}

export function git(root: string, ...argv: string[]): void {
  execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@b', ...argv]);
}

/** Where a command prints, piece by piece. */
export function recorder() {
  const out: string[] = [];
  const err: string[] = [];
  return {
    out,
    err,
    io: { stdout: (text: string) => void out.push(text), stderr: (text: string) => void err.push(text) },
  };
}

export const now = '2026-01-01T00:00:00.000Z';
export const ask = (dir: string, more: object = {}) => ({
  dir,
  event: 'push',
  variables: [],
  json: true,
  now,
  ...more,
});

export const files = {
  '.gitlab-ci.yml':
    'include: ci/build.yml\ntest:\n  script: make test\n  needs: [build]\ndeploy:\n  stage: deploy\n  script: make deploy\n  rules:\n    - if: $CI_COMMIT_TAG && $CI_PROJECT_PATH == "tinyland/ai/huskycat"\n',
  'ci/build.yml': 'build:\n  stage: build\n  script: make\n',
};
