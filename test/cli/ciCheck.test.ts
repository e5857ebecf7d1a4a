import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { showCheck } from '../../source/cli/check.ts';
import { ask, git, recorder, repository } from './ciWorld.ts';

test('ci check looks at every event', async () => {
  const dir = repository({
    '.gitlab-ci.yml':
      'lint:\n  script: ls\n  rules:\n    - if: $CI_COMMIT_BRANCH\ntest:\n  script: ls\n  needs: [lint]\n  rules:\n    - when: always\n',
  });
  const { out, io } = recorder();
  const { event: _, ...question } = ask(dir);
  expect(await showCheck(question, io)).toBe(1);
  expect(JSON.parse(out.join('')).findings).toMatchObject([
    {
      rule: 'creation-error',
      severity: 'error',
      where: { file: '.gitlab-ci.yml', line: 7 },
      saw: expect.stringMatching(/^refused for merge_request, tag\b/),
    },
  ]);
});

test('ci check names a file as it is opened from here', async () => {
  const dir = repository({ '.gitlab-ci.yml': 'a:\n  image: alpine\n  script: ls\n' });
  const { out, io } = recorder();
  const { event: _, ...question } = ask(dir, { json: false });
  expect(await showCheck(question, io)).toBe(1);
  const [, file = ''] = /^ {2}at (.*):2:10$/m.exec(out.join('')) ?? [];
  expect(readFileSync(file, 'utf8')).toContain('image: alpine');
});

test('ci check says that there is no configuration, and what to do', async () => {
  const { event: _, ...question } = ask(repository({ 'README.md': 'a\n' }));
  await expect(showCheck(question, recorder().io)).rejects.toMatchObject({
    code: 'no-configuration',
    saw: 'there is no .gitlab-ci.yml',
  });
});

test('ci check --base shows what is new since another revision, and which jobs it makes wait for more', async () => {
  const old =
    'stages: [build, check, test]\nold:\n  image: alpine\n  stage: build\n  script: ls\nlast:\n  stage: test\n  script: ls\n';
  const dir = repository({ '.gitlab-ci.yml': old });
  git(dir, 'branch', 'base');
  writeFileSync(
    join(dir, '.gitlab-ci.yml'),
    `# Lines move.\n${old}new:\n  image: alpine\n  stage: check\n  script: ls\nfree:\n  stage: check\n  needs: []\n  script: ls\n`,
  );
  const { out, io } = recorder();
  const { event: _, ...question } = ask(dir);
  expect(await showCheck({ ...question, base: 'base' }, io)).toBe(1);
  const { findings, older } = JSON.parse(out.join(''));
  expect(older).toBe(1);
  expect(findings).toMatchObject([
    {
      rule: 'waits-for-more',
      severity: 'warning',
      title: 'new holds back last',
      where: { line: 12 },
      saw: 'new in the stage check; 2 jobs one after the other before it, where 1 were',
    },
    { rule: 'unpinned-image', where: { line: 11 } },
    {
      rule: 'waits-for-more',
      severity: 'info',
      title: 'free holds back last',
      saw: 'new in the stage check',
    },
  ]);
  await expect(showCheck({ ...question, base: 'gone' }, io)).rejects.toMatchObject({ code: 'no-commit' });
  git(dir, 'commit', '-aqm', 'new');
  expect(await showCheck({ ...question, base: 'HEAD' }, io)).toBe(0);
});

test.each([
  [[], 'warning', []],
  [[{ owner: { kind: 'group', path: 'tinyland' }, because: '403 Forbidden' }], 'info', ['403 Forbidden']],
] as const)(
  'ci check knows the variables of GitLab where they can all be read',
  async (unreadable, severity, assumed) => {
    const dir = repository({ '.gitlab-ci.yml': 'a:\n  script:\n    - deploy "$KNOWN" "$UNKNOWN"\n' });
    const gitlab = {
      server: 'https://gitlab.example',
      lint: async () => Promise.reject(new Error('nothing to merge')),
      variables: async () => ({ variables: [{ key: 'KNOWN' }], unreadable }),
    } as unknown as NonNullable<Parameters<typeof showCheck>[0]['gitlab']>;
    const { out, io } = recorder();
    const { event: _, ...question } = ask(dir, { gitlab });
    expect(await showCheck(question, io)).toBe(1);
    const { findings, assumptions } = JSON.parse(out.join(''));
    expect(findings.at(-1)).toMatchObject({
      rule: 'variable-set-nowhere',
      severity,
      title: expect.stringContaining('UNKNOWN'),
    });
    expect(findings).toHaveLength(unreadable.length + 1);
    expect(assumptions.join()).toContain(assumed.join());
  },
);
