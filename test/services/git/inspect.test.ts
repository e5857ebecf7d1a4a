import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCheckout } from '../../../source/services/git/checkout.ts';
import { readStatus } from '../../../source/services/git/inspect.ts';
import { readRemotes } from '../../../source/services/git/remotes.ts';
import { openRepository } from './repository.ts';

test('remotes stand in the order of preference, glab’s choice first; git rewrites insteadOf; no password is shown', async () => {
  const { root, git } = openRepository();
  git('config', 'url.https://gitlab.example.com/.insteadOf', 'work:');
  git('remote', 'add', 'backup', 'https://me:hunter2hunter2@gitlab.com/me/backup.git');
  git('remote', 'add', 'origin', 'git@gitlab.com:me/huskycat.git');
  git('remote', 'add', 'gitlab', 'work:team/huskycat.git');
  git('remote', 'add', 'upstream', 'ssh://git@altssh.gitlab.com:443/tinyland/huskycat.git');
  git('remote', 'add', 'disk', '/srv/git/huskycat.git');
  const remotes = await readRemotes(root);
  expect(remotes.map(({ name, project }) => [name, project?.server, project?.path])).toEqual([
    ['upstream', 'https://gitlab.com', 'tinyland/huskycat'],
    ['gitlab', 'https://gitlab.example.com', 'team/huskycat'],
    ['origin', 'https://gitlab.com', 'me/huskycat'],
    ['backup', 'https://gitlab.com', 'me/backup'],
    ['disk', undefined, undefined],
  ]);
  expect(JSON.stringify(remotes)).not.toContain('hunter2');
  git('config', 'remote.origin.glab-resolved', 'base:tinyland/ai/huskycat');
  const [first] = await readRemotes(root);
  expect(first).toMatchObject({ name: 'origin', isChosen: true, project: { path: 'tinyland/ai/huskycat' } });
});

test('an ssh alias is resolved as ssh does; a name that ssh does not know stays', async () => {
  const { root, folder, git } = openRepository();
  const sshConfiguration = join(folder, 'ssh_config');
  writeFileSync(sshConfiguration, 'Host work-alias\n  HostName GitLab.Example.com\n  Port 2222\n');
  git('remote', 'add', 'origin', 'work-alias:tinyland/huskycat.git');
  git('remote', 'add', 'other', 'git@intranet:tinyland/huskycat.git');
  const [origin, other] = await readRemotes(root, { sshConfiguration });
  expect(origin).toMatchObject({
    address: { host: 'gitlab.example.com', port: 2222 },
    project: { server: 'https://gitlab.example.com', path: 'tinyland/huskycat' },
  });
  expect(other?.project?.server).toBe('https://intranet');
});

test('a configured server tells the port and the sub-path, written as people do', async () => {
  const { root, git } = openRepository();
  git('remote', 'add', 'origin', 'git@example.com:gitlab/tinyland/huskycat.git');
  const [origin] = await readRemotes(root, { servers: ['example.com/gitlab', 'not a host'] });
  expect(origin?.project).toEqual({ server: 'https://example.com/gitlab', path: 'tinyland/huskycat' });
});

test('what changed, and how far from upstream', async () => {
  const { root, folder, git, write, commit } = openRepository({ a: '1', b: '1', c: '1', d: '1' });
  commit();
  execFileSync('git', ['clone', '-q', '--bare', root, join(folder, 'bare.git')]);
  git('remote', 'add', 'origin', join(folder, 'bare.git'));
  git('fetch', '-q', 'origin');
  git('branch', '-q', '--set-upstream-to=origin/main');
  const sha = commit('Ahead');
  git('mv', 'a', 'renamed');
  write('b', '2');
  git('add', 'b');
  write('b', '3');
  write('c', '2');
  write('new/one', '1');
  write('new/two', '1');
  expect(await readStatus(join(root, 'new'), {})).toEqual({
    branch: 'main',
    commit: sha,
    upstream: 'origin/main',
    ahead: 1,
    behind: 0,
    staged: 2,
    unstaged: 2,
    conflicted: 0,
    untracked: 1,
    isCut: false,
  });
});

test('a conflict, then an upstream that is gone', async () => {
  const { root, git, write, commit } = openRepository({ a: '1' });
  commit();
  git('checkout', '-q', '-b', 'side');
  write('a', '2');
  commit();
  git('checkout', '-q', 'main');
  write('a', '3');
  commit();
  expect(() => git('merge', 'side')).toThrow();
  expect((await readStatus(root, {}))?.conflicted).toBe(1);
  git('merge', '--abort');
  git('config', 'branch.main.remote', '.');
  git('config', 'branch.main.merge', 'refs/heads/gone');
  const tree = await readStatus(root, {});
  expect(tree?.upstream).toBe('gone');
  expect(tree).not.toHaveProperty('ahead');
});

test('detached, unborn, a linked worktree, a bare repository, no repository', async () => {
  const { root, folder, git, commit } = openRepository();
  expect(await readStatus(root, {})).toMatchObject({ branch: 'main', untracked: 1 });
  expect(await readStatus(root, {})).not.toHaveProperty('commit');
  const sha = commit();
  git('worktree', 'add', '-q', '-b', 'side', join(folder, 'side'));
  expect(await readStatus(join(folder, 'side'), {})).toMatchObject({ branch: 'side', commit: sha });
  git('checkout', '-q', '--detach');
  expect(await readStatus(root, {})).not.toHaveProperty('branch');
  execFileSync('git', ['clone', '-q', '--bare', root, join(folder, 'bare.git')]);
  expect(await readStatus(join(folder, 'bare.git'), {})).toBeUndefined();
  mkdirSync(join(folder, 'plain'));
  expect(await readStatus(join(folder, 'plain'), {})).toBeUndefined();
  expect(await readStatus(join(folder, 'none'), {})).toBeUndefined();
});

test('looking changes nothing in the repository and runs nothing that its configuration names', async () => {
  const { root, folder, git, write, commit } = openRepository({ a: '1' });
  commit();
  // The same content with another time: git would refresh its index.
  write('a', '1');
  utimesSync(join(root, 'a'), 1, 1);
  const ran = join(folder, 'ran');
  git('config', 'core.fsmonitor', `touch ${ran}; echo`);
  const before = readFileSync(join(root, '.git', 'index'));
  expect(await readStatus(root, {})).toMatchObject({ unstaged: 0 });
  expect(readFileSync(join(root, '.git', 'index'))).toEqual(before);
  expect(() => statSync(ran)).toThrow('ENOENT');
});

test.runIf(process.getuid?.() === 0)(
  'a repository of somebody else is said, with git’s own command',
  async () => {
    const { root, commit } = openRepository();
    commit();
    chownSync(root, 12_345, 12_345);
    chownSync(join(root, '.git'), 12_345, 12_345);
    await expect(openCheckout(root)).rejects.toMatchObject({
      kind: 'needs-user',
      code: 'git-ownership',
      next: [`If you trust it: git config --global --add safe.directory ${root}`],
    });
  },
);
