import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCheckout } from '../../../source/services/git/checkout.ts';
import { openCommit } from '../../../source/services/git/commit.ts';
import { openRepository } from './repository.ts';

const configuration = {
  '.gitlab-ci.yml': 'old: {script: a}\n',
  'ci/build.yml': 'b\n',
  'übung/a b.txt': 'text\n',
};

test('a commit is read in place of the working tree', async () => {
  const { root, git, write, commit } = openRepository(configuration);
  const sha = commit('Start\n\nBody');
  git('tag', '-a', 'v1', '-m', 'one');
  git('remote', 'add', 'origin', 'git@gitlab.com:tinyland/ai/huskycat.git');
  const expected = await openCheckout(root);
  git('checkout', '-q', '-b', 'later');
  write('.gitlab-ci.yml', 'new: {script: a}\n');
  write('added.yml', 'x');
  commit('Later');
  write('.gitlab-ci.yml', 'working tree');
  const found = await openCommit(root, 'v1');
  expect(found.commit).toEqual({ sha, message: 'Start\n\nBody' });
  expect(found).toMatchObject({
    root,
    isGit: true,
    tags: ['v1'],
    defaultBranch: 'main',
    project: expected.project,
  });
  expect(found.branch).toBeUndefined();
  expect(found.list()).toEqual(expected.list());
  expect(found.read('.gitlab-ci.yml')).toBe('old: {script: a}\n');
  expect(found.read('./ci/../ci/build.yml')).toBe('b\n');
  expect(found.read('übung/a b.txt')).toBe('text\n');
  for (const none of ['added.yml', 'ci', '', '/etc/passwd', '../repository/README.md', '.git/config'])
    expect(found.read(none)).toBeUndefined();
  expect((await openCommit(root, 'HEAD')).branch).toBe('later');
  expect((await openCommit(root, 'main')).branch).toBe('main');
  expect((await openCommit(root, 'HEAD~1')).read('added.yml')).toBeUndefined();
});

test('links are followed inside the tree alone, of files and of folders', async () => {
  const { root, commit } = openRepository({ 'ci/real.yml': 'real\n', ...configuration });
  symlinkSync('real.yml', join(root, 'ci/link.yml'));
  symlinkSync('../ci', join(root, 'übung/folder'));
  symlinkSync('/etc/passwd', join(root, 'absolute'));
  symlinkSync('../../etc/passwd', join(root, 'outside'));
  symlinkSync('circle', join(root, 'circle'));
  commit();
  const { read } = await openCommit(root, 'HEAD');
  expect(read('ci/link.yml')).toBe('real\n');
  expect(read('übung/folder/link.yml')).toBe('real\n');
  for (const none of ['absolute', 'outside', 'circle']) expect(read(none)).toBeUndefined();
});

test('a folder below the top that holds a configuration is a root of its own, and is not left', async () => {
  const { root, commit } = openRepository({
    'sub/.gitlab-ci.yml': 'sub\n',
    'sub/x.yml': 'x\n',
    'other.yml': 'o\n',
  });
  symlinkSync('../other.yml', join(root, 'sub/out.yml'));
  commit();
  const below = await openCommit(join(root, 'sub'), 'HEAD');
  expect(below.root).toBe(join(root, 'sub'));
  expect(below.list()).toEqual(['.gitlab-ci.yml', 'out.yml', 'x.yml']);
  expect(below.read('.gitlab-ci.yml')).toBe('sub\n');
  expect(below.read('../other.yml')).toBeUndefined();
  expect(below.read('out.yml')).toBeUndefined();
});

test('bytes that are no text, names that look like answers of git, and a bare repository', async () => {
  const { root, folder, git, write, commit } = openRepository({ 'a.yml': '' });
  const forged = `x\n${'0'.repeat(40)} blob 3\nabc\n`;
  write('b.yml', forged);
  write('c.yml', Buffer.from([0xff, 0x00, 0x0a, 0x41]));
  commit();
  execFileSync('git', ['clone', '-q', '--bare', root, join(folder, 'bare.git')]);
  const { read, branch } = await openCommit(join(folder, 'bare.git'), 'main');
  expect(read('a.yml')).toBe('');
  expect(read('b.yml')).toBe(forged);
  expect(read('c.yml')).toBe('\uFFFD\0\nA');
  expect(branch).toBe('main');
  expect(git('status', '--porcelain')).toBe('');
});

test.each(['none', '-h', '--all', 'HEAD:README.md', ''])('%j is no commit', async (rev) => {
  const { root, commit } = openRepository();
  commit();
  await expect(openCommit(root, rev)).rejects.toMatchObject({ kind: 'needs-user', code: 'no-commit' });
});

test('a folder without git has no commits', async () => {
  const { folder } = openRepository();
  mkdirSync(join(folder, 'plain'));
  await expect(openCommit(join(folder, 'plain'), 'HEAD')).rejects.toMatchObject({ code: 'not-a-checkout' });
});
