import { expect, test } from 'vitest';
import { parseRemoteAddress } from '../../../source/core/git/remoteAddress.ts';
import { remoteProject } from '../../../source/core/git/remoteProject.ts';
import { parseServer } from '../../../source/core/git/server.ts';

const servers = ['https://example.com:8443/gitlab', 'http://127.0.0.1:8080', 'https://example.com'];

test.each([
  ['git@gitlab.com:tinyland/ai/huskycat.git', 'https://gitlab.com', 'tinyland/ai/huskycat'],
  ['ssh://git@GitLab.com/tinyland/huskycat.git/', 'https://gitlab.com', 'tinyland/huskycat'],
  ['ssh://git@altssh.gitlab.com:443/tinyland/huskycat.git', 'https://gitlab.com', 'tinyland/huskycat'],
  ['https://www.gitlab.com/tinyland/huskycat', 'https://gitlab.com', 'tinyland/huskycat'],
  [
    'ssh://git@gitlab.example.com:2222/tinyland/huskycat.git',
    'https://gitlab.example.com',
    'tinyland/huskycat',
  ],
  ['[git.example.com:2222]:tinyland/huskycat.git', 'https://git.example.com', 'tinyland/huskycat'],
  ['https://me:p@ss@gitlab.example.com:8443/a/b.git', 'https://gitlab.example.com:8443', 'a/b'],
  ['http://127.0.0.1:8080/a/b.git', 'http://127.0.0.1:8080', 'a/b'],
  ['ssh://git@127.0.0.1:2222/a/b.git', 'http://127.0.0.1:8080', 'a/b'],
  ['https://example.com:8443/gitlab/a/b.git', 'https://example.com:8443/gitlab', 'a/b'],
  ['https://example.com/a/b.git', 'https://example.com', 'a/b'],
  ['git@example.com:gitlab/a/b.git', 'https://example.com:8443/gitlab', 'a/b'],
  ['ssh://git@[::1]:2222/a/b.git', 'https://[::1]', 'a/b'],
  ['git@[fe80::1]:a/b.git', 'https://[fe80::1]', 'a/b'],
  ['https://gitlab.com/gr%6Fup/b%2Ec', 'https://gitlab.com', 'group/b.c'],
  ['https://gitlab.com/group/%E0%A4%A', undefined, undefined],
  ['https://gitlab.com/a/../b', undefined, undefined],
  ['https://gitlab.com/a', undefined, undefined],
])('%s is on %s', (url, server, path) => {
  const address = parseRemoteAddress(url);
  expect(address).toBeDefined();
  const project = address && remoteProject(address, servers);
  expect(project).toEqual(server === undefined ? undefined : { server, path });
});

test.each([
  '/srv/git/a/b.git',
  './a:b/c',
  '../a/b',
  'C:/a/b',
  'file:///srv/a/b',
  'ext::sh -c touch% /tmp/x',
  'ssh://-oProxyCommand=x/a/b',
  '-oProxyCommand=x:a/b',
  'https://gitlab.com:99999/a/b',
  'https:///a/b',
  'https://gitlab.com/a\nb/c',
  'https://gitlab.com/group%20x/b',
  'https://gitlab.com/a%1B%5B2J/b',
  '',
])('%j is no server', (url) => {
  expect(parseRemoteAddress(url)).toBeUndefined();
});

test.each([
  ['gitlab.com', 'https://gitlab.com'],
  [' https://www.GitLab.com/ ', 'https://gitlab.com'],
  ['https://example.com:443/gitlab//', 'https://example.com/gitlab'],
  ['http://[::1]:8080', 'http://[::1]:8080'],
  ['https://me@example.com', undefined],
  ['https://example.com/?a', undefined],
  ['ssh://example.com', undefined],
  ['', undefined],
])('%s is the server %s', (text, server) => {
  expect(parseServer(text)).toBe(server);
});
