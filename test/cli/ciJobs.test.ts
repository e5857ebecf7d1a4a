import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { showCheck } from '../../source/cli/check.ts';
import { showJobs } from '../../source/cli/ci.ts';
import { graphFormats, showGraph } from '../../source/cli/graph.ts';
import { ask, files, now, recorder, repository } from './ciWorld.ts';

test('ci jobs says what a push gets, from which file and line, and why the rest is left out', async () => {
  const { out, io } = recorder();
  expect(await showJobs(ask(repository(files)), io)).toBe(0);
  const answer = JSON.parse(out.join(''));
  expect(answer).toMatchObject({
    schema: 'huskycat-tui/ci-jobs@1',
    at: now,
    stages: ['build', 'test'],
    errors: [],
    unresolved: [],
  });
  expect(answer.jobs).toMatchObject([
    { name: 'build', stage: 'build', needs: null, file: 'ci/build.yml', line: 1 },
    {
      name: 'test',
      needs: [{ job: 'build', artifacts: true, optional: false }],
      file: '.gitlab-ci.yml',
      line: 2,
    },
  ]);
  expect(answer.excluded).toMatchObject([{ name: 'deploy', file: '.gitlab-ci.yml' }]);
});

test('a tag sees the project of the remote', async () => {
  const { out, io } = recorder();
  await showJobs(ask(repository(files), { event: 'tag', ref: 'v1' }), io);
  expect(JSON.parse(out.join('')).jobs.map(({ name }: { name: string }) => name)).toContain('deploy');
});

test('an error names file and line, and the status is 1', async () => {
  const { out, io } = recorder();
  const dir = repository({ '.gitlab-ci.yml': 'test:\n  script: ls\n  needs: [nobody]\n' });
  expect(await showJobs(ask(dir, { json: false }), io)).toBe(1);
  expect(out.join('')).toContain('error: test job: undefined need: nobody (.gitlab-ci.yml:3:11)');
});

test('a folder that is no checkout is not taken for one without jobs', async () => {
  const root = mkdtempSync(join(tmpdir(), 'huskycat-ci-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const question = { dir: root, event: 'push', variables: [], json: true, now: '2026-11-23T01:02:03.000Z' };
  await expect(showJobs(question, recorder().io)).rejects.toMatchObject({
    code: 'not-a-checkout',
    next: ['Run it in a checkout, or give one: --dir PATH'],
  });
});

test('an include never leaves the repository, not through a link either', async () => {
  const outside = repository({ 'secret.yml': 'stolen:\n  script: ls\n' });
  const dir = repository({
    '.gitlab-ci.yml': 'include:\n  - link.yml\n  - ../secret.yml\ntest:\n  script: ls\n',
  });
  symlinkSync(join(outside, 'secret.yml'), join(dir, 'link.yml'));
  const { out, io } = recorder();
  expect(await showJobs(ask(dir), io)).toBe(1);
  expect(JSON.parse(out.join('')).errors).toEqual([
    'Local file `link.yml` does not exist!',
    'Local file `../secret.yml` does not exist!',
  ]);
});

test('names from the files cannot steer the terminal', async () => {
  const dir = repository({ '.gitlab-ci.yml': '"evil\\e[2J\\u202e":\n  script: ls\n' });
  for (const format of graphFormats.filter((one) => one !== 'json')) {
    const { out, io } = recorder();
    await showGraph(ask(dir, { json: false }), format, io);
    expect(out.join('')).not.toMatch(/[\u001b\u202e]/);
    expect(out.join('')).toContain('evil');
  }
});

test('nested aliases cannot grow without bound', async () => {
  const levels = Array.from(
    { length: 12 },
    (_, index) => `a${index + 1}: &a${index + 1} [${Array(10).fill(`*a${index}`).join(', ')}]`,
  );
  const dir = repository({
    '.gitlab-ci.yml': ['a0: &a0 [x, x, x]', ...levels, 'test: { script: ls }', ''].join('\n'),
  });
  const { out, io } = recorder();
  expect(await showJobs(ask(dir), io)).toBe(1);
  expect(JSON.parse(out.join('')).errors).toEqual(['The parsed YAML is too big']);
});

test('changes:compare_to must name a ref that exists', async () => {
  const rules = (ref: string): string =>
    `job:\n  script: ls\n  rules:\n    - changes: { paths: [a], compare_to: ${ref} }\n`;
  const { out, io } = recorder();
  expect(await showJobs(ask(repository({ '.gitlab-ci.yml': rules('main') }), { changed: ['a'] }), io)).toBe(
    0,
  );
  expect(await showJobs(ask(repository({ '.gitlab-ci.yml': rules('gone') }), { changed: ['a'] }), io)).toBe(
    1,
  );
  expect(out[1]).toContain('rules:changes:compare_to is not a valid ref');
});

test('ci jobs and ci check read the files of a commit', async () => {
  const dir = repository(files);
  writeFileSync(join(dir, '.gitlab-ci.yml'), 'other:\n  script: ls\n  needs: [nobody]\n');
  const { out, io } = recorder();
  expect(await showJobs(ask(dir), io)).toBe(1);
  expect(await showJobs(ask(dir, { commit: 'HEAD' }), io)).toBe(0);
  expect(JSON.parse(out[1] ?? '').jobs.map(({ name }: { name: string }) => name)).toEqual(['build', 'test']);
  const { event: _, ...question } = ask(dir, { commit: 'HEAD' });
  await showCheck(question, io);
  expect(out[2]).not.toContain('nobody');
  await expect(showJobs(ask(dir, { commit: 'gone' }), io)).rejects.toThrow(/no such commit/);
});
