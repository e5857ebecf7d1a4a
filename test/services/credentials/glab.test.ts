import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { findToken, tokenOrThrow } from '../../../source/services/credentials/find.ts';
import { glabFiles } from '../../../source/services/credentials/glabFiles.ts';
import { openHome } from './world.ts';

afterEach(() => vi.restoreAllMocks());

const path = '.config/glab-cli/config.yml';

async function tokenFor(server: string, text: string): Promise<string | undefined> {
  const { question } = openHome({ [path]: text });
  return (await findToken(question({ server }))).found?.token.reveal();
}

test.each([
  [
    'an empty value that glab filled',
    'hosts:\n  gitlab.com:\n    token: !!null glpat-abcdefghijkl\n',
    'glpat-abcdefghijkl',
  ],
  ['a token of digits', 'hosts:\n  gitlab.com:\n    token: 1234567890\n', '1234567890'],
  [
    'anchors between hosts',
    'hosts:\n  other.example.com: &a\n    token: shared-token-01\n    api_protocol: https\n  gitlab.com: *a\n',
    'shared-token-01',
  ],
  [
    'an api_host',
    'hosts:\n  git.example.com:\n    api_host: gitlab.com\n    token: api-host-token-1\n',
    'api-host-token-1',
  ],
  ['another host', 'hosts:\n  gitlab.example.com:\n    token: other-host-token\n', undefined],
  [
    'another protocol',
    'hosts:\n  gitlab.com:\n    api_protocol: http\n    token: plain-http-token\n',
    undefined,
  ],
  ['no hosts', 'git_protocol: ssh\n', undefined],
  ['hosts that are a list', 'hosts: [gitlab.com]\n', undefined],
])('%s', async (_, text, token) => {
  const warned = vi.spyOn(process, 'emitWarning');
  expect(await tokenFor('https://gitlab.com', text)).toBe(token);
  expect(warned).not.toHaveBeenCalled();
});

test('a sub-path install is known by its api_host', async () => {
  const text = 'hosts:\n  example.com:\n    api_host: example.com:8443/gitlab\n    token: sub-path-token-1\n';
  expect(await tokenFor('https://example.com:8443/gitlab', text)).toBe('sub-path-token-1');
});

const bomb = Array.from({ length: 12 }, (_, n) => `l${n + 1}: &l${n + 1} [${`*l${n}, `.repeat(9)}]`).join(
  '\n',
);

test.each([
  ['unclosed', 'hosts: {'],
  ['unknown alias', '*a: *b'],
  ['aliases without bound', `l0: &l0 [1]\n${bomb}\nhosts: {gitlab.com: {token: *l12}}\n`],
])('a broken file is a reason: %s', async (_, text) => {
  const { question } = openHome({ [path]: text });
  const { refusals } = await findToken(question());
  expect(refusals.at(-1)?.why).toContain('is not what glab writes');
});

function oauth(expiry: string): string {
  return `hosts:\n  gitlab.com:\n    is_oauth2: "true"\n    oauth2_expiry_date: ${expiry}\n    oauth2_refresh_token: refresh-0123456789\n    token: oauth-0123456789\n`;
}

test.each(['24 Nov 26 19:59 UTC', '23 Nov 26 21:00 CET', '24 Nov 26 10:00 EST'])(
  'an OAuth token that has expired (%s) is left to glab to renew',
  async (expiry) => {
    const { question, redactor } = openHome({ [path]: oauth(expiry) });
    const search = await findToken(question());
    expect(search.found).toBeUndefined();
    expect(() => tokenOrThrow(search, 'https://gitlab.com')).toThrow(
      expect.objectContaining({ code: 'glab-expired', next: [expect.stringContaining('any glab command')] }),
    );
    expect(redactor.redact('refresh-0123456789')).toBe('[MASKED]');
  },
);

test.each(['24 Nov 26 20:01 UTC', '24 Nov 26 20:30 CET', 'soon'])(
  'one that may live (%s) is used',
  async (expiry) => {
    expect(await tokenFor('https://gitlab.com', oauth(expiry))).toBe('oauth-0123456789');
  },
);

test('the repository comes before the user; of the user only the first file that there is', async () => {
  const entry = (token: string) => `hosts:\n  gitlab.com:\n    token: ${token}\n`;
  const { question, home, write } = openHome({
    [path]: 'hosts: {}\n',
    'xdg/glab-cli/config.yml': entry('xdg-token-012345'),
    'repository/.git/glab-cli/config.yml': entry('repository-token-1'),
  });
  const environment = { XDG_CONFIG_HOME: join(home, 'xdg') };
  const ask = async (more: object) =>
    (await findToken(question({ environment, ...more }))).found?.token.reveal();
  expect(await ask({})).toBeUndefined();
  expect(await ask({ gitFolder: join(home, 'repository', '.git') })).toBe('repository-token-1');
  write('own/config.yml', entry('own-token-0123456'));
  expect(await ask({ environment: { ...environment, GLAB_CONFIG_DIR: join(home, 'own') } })).toBe(
    'own-token-0123456',
  );
});

test('glab on macOS keeps its file in the Library', () => {
  const paths = glabFiles({}, '/Users/a', { platform: 'darwin' }).map((file) => file.path);
  expect(paths).toEqual([
    '/Users/a/.config/glab-cli/config.yml',
    '/Users/a/Library/Application Support/glab-cli/config.yml',
    '/etc/xdg/glab-cli/config.yml',
  ]);
});
