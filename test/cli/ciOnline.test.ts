import { expect, test } from 'vitest';
import { showCheck } from '../../source/cli/check.ts';
import { showJobs } from '../../source/cli/ci.ts';
import { ask, files, recorder, repository } from './ciWorld.ts';

const included = 'include:\n  - template: Jobs/SAST.gitlab-ci.yml\ntest:\n  script: ls\n  needs: [sast]\n';

const merged = 'sast:\n  script: scan\n  stage: test\ntest:\n  script: ls\n  needs: [sast]\n';

function linting(answer: object) {
  const asked: object[] = [];
  const gitlab = {
    server: 'https://gitlab.example',
    lint: (query: object) => {
      asked.push(query);
      return Promise.resolve({ valid: true, errors: [], warnings: [], jobs: [], includes: [], ...answer });
    },
  };
  return { asked, gitlab };
}

test('with GitLab, includes from elsewhere come from its merged configuration', async () => {
  const dir = repository({ '.gitlab-ci.yml': included });
  const { out, io } = recorder();
  await showJobs(ask(dir), io);
  expect(JSON.parse(out[0] ?? '')).toMatchObject({
    unresolved: [{ include: 'template: Jobs/SAST.gitlab-ci.yml' }],
    errors: [],
    jobs: [{ name: 'test', needs: [{ job: 'sast' }] }],
  });
  const { asked, gitlab } = linting({ mergedYaml: merged });
  expect(await showJobs(ask(dir, { gitlab }), io)).toBe(0);
  expect(asked).toEqual([{ ref: 'main' }]);
  const answer = JSON.parse(out[1] ?? '');
  expect(answer.unresolved).toEqual([]);
  expect(answer.jobs).toMatchObject([
    { name: 'sast', file: 'merged-by-gitlab.yml', line: 1 },
    { name: 'test', needs: [{ job: 'sast' }], file: 'merged-by-gitlab.yml', line: 4 },
  ]);
  expect(answer.assumptions[0]).toMatch(/merged for main: lines are those of the merged text/);
  const { event: _, ...question } = ask(dir, { gitlab });
  await showCheck(question, io);
  expect(JSON.parse(out[2] ?? '')).toMatchObject({
    unresolved: [],
    assumptions: [expect.stringContaining('merged for main')],
  });
});

test('a commit is asked for by its name, and GitLab’s own errors are told', async () => {
  const dir = repository({ '.gitlab-ci.yml': included });
  const { out, io } = recorder();
  const { asked, gitlab } = linting({ valid: false, errors: ['Included template is gone'] });
  expect(await showJobs(ask(dir, { gitlab, commit: 'HEAD' }), io)).toBe(1);
  expect(asked).toMatchObject([{ ref: expect.stringMatching(/^[\da-f]{40}$/) }]);
  expect(JSON.parse(out[0] ?? '')).toMatchObject({ jobs: [], errors: ['Included template is gone'] });
});

test('GitLab is not asked when everything is in the repository', async () => {
  const { io } = recorder();
  const { asked, gitlab } = linting({ mergedYaml: merged });
  await showJobs(ask(repository(files), { gitlab }), io);
  expect(asked).toEqual([]);
});
