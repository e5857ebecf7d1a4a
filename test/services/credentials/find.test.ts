import { join } from 'node:path';
import { expect, test } from 'vitest';
import { atticToken } from '../../../source/services/credentials/environment.ts';
import { findToken, tokenOrThrow } from '../../../source/services/credentials/find.ts';
import { openHome } from './world.ts';

const glab = 'hosts:\n  gitlab.com:\n    token: from-glab-0123456789\n';
const server = 'https://gitlab.com';

test('the file beats the environment, the environment glab; the search says what the others said', async () => {
  const { question, write, redactor } = openHome({ '.config/glab-cli/config.yml': glab });
  const environment = { GITLAB_TOKEN: 'from-environment-01' };
  const tokenFile = write('token', '  from-file-0123456789\n');
  const first = await findToken(question({ tokenFile, environment }));
  expect(first.found).toMatchObject({ source: 'file', server });
  expect(first.found?.token.reveal()).toBe('from-file-0123456789');
  const second = await findToken(question({ environment }));
  expect(second.found?.token.reveal()).toBe('from-environment-01');
  const third = await findToken(question());
  expect(third.found).toMatchObject({ source: 'glab' });
  expect(third.found?.token.reveal()).toBe('from-glab-0123456789');
  expect(third.refusals.map(({ source, why }) => [source, why])).toEqual([
    ['file', '--token-file is not given'],
    ['environment', 'GITLAB_TOKEN is not set'],
    ['keychain', 'no keychain: not in this test'],
  ]);
  expect(redactor.redact('from-file-0123456789 from-environment-01 from-glab-0123456789')).not.toContain(
    'from',
  );
});

test('standard input is read for -, and only then', async () => {
  const { question } = openHome();
  const { found } = await findToken(
    question({ tokenFile: '-', readInput: async () => 'from-input-0123\r\n' }),
  );
  expect(found?.token.reveal()).toBe('from-input-0123');
});

test.each([
  ['token', 'secret-0123456789', 0o640, 'token-file-mode'],
  ['token', 'two words-0123456789', 0o600, 'token-shape'],
  ['token', ' \n', 0o600, 'token-shape'],
  ['token', 'x'.repeat(20_000), 0o600, 'token-shape'],
  ['token', 'x'.repeat(2_000_000), 0o600, 'token-file-unreadable'],
])('a token file that cannot be used is refused, not passed over: %s %s', async (name, text, mode, code) => {
  const { question, write } = openHome();
  const tokenFile = write(name, text, mode);
  const asked = findToken(question({ tokenFile, environment: { GITLAB_TOKEN: 'other-0123456789' } }));
  await expect(asked).rejects.toMatchObject({ kind: 'needs-user', code });
  await asked.catch((error: Error) => expect(error.message).not.toContain('0123456789'));
});

test('a token file that is missing is refused', async () => {
  const { question, home } = openHome();
  await expect(findToken(question({ tokenFile: join(home, 'none') }))).rejects.toMatchObject({
    code: 'token-file-missing',
  });
});

test.each([
  ['gitlab.com', undefined, true],
  ['https://gitlab.example.com', undefined, false],
  ['https://gitlab.com.example.com', undefined, false],
  ['http://gitlab.com', undefined, false],
  ['https://gitlab.com:8443', undefined, false],
  ['https://gitlab.com', 'gitlab.example.com', false],
  ['https://gitlab.example.com', 'gitlab.example.com', true],
  ['https://gitlab.example.com', 'https://GitLab.example.com/', true],
  ['http://gitlab.example.com', 'http://gitlab.example.com', true],
  ['https://example.com/gitlab', 'example.com', true],
  ['https://example.com/gitlab', 'example.com/gitlab', true],
  ['https://example.com/gitlab-evil', 'example.com/gitlab', false],
  ['https://example.com', 'example.com/gitlab', false],
  ['http://127.0.0.1:8080', '127.0.0.1:8080', true],
  ['http://127.0.0.1:9999', '127.0.0.1:8080', false],
  ['http://127.evil.example', '127.evil.example', false],
])('GITLAB_TOKEN for %s with GITLAB_HOST=%s is given: %s', async (address, host, isGiven) => {
  const { question } = openHome();
  const environment = { GITLAB_TOKEN: 'environment-0123', GITLAB_HOST: host };
  const asked = address.includes('://') ? address : `https://${address}`;
  const { found, refusals } = await findToken(question({ server: asked, environment }));
  expect(found !== undefined).toBe(isGiven);
  if (!isGiven) expect(refusals[1]?.why).toContain('is for another server');
});

test('a token of the environment that is no token is said, and the next source is asked', async () => {
  const { question } = openHome({ '.config/glab-cli/config.yml': glab });
  const { found, refusals } = await findToken(question({ environment: { GITLAB_TOKEN: 'a b' } }));
  expect(found?.source).toBe('glab');
  expect(refusals[1]).toMatchObject({ source: 'environment', failure: { code: 'token-shape' } });
});

test('without any, the failure says how to sign in and what each source said', async () => {
  const { question } = openHome();
  const search = await findToken(question());
  expect(() => tokenOrThrow(search, server)).toThrow(
    expect.objectContaining({
      code: 'no-token',
      saw: expect.stringMatching(/GITLAB_TOKEN is not set.*glab has no configuration/),
      next: expect.arrayContaining(['Sign in: huskycat-tui login']),
    }),
  );
});

test('ATTIC_TOKEN comes from the environment and is hidden', () => {
  const { redactor } = openHome();
  expect(atticToken({}, redactor)).toBeUndefined();
  expect(atticToken({ ATTIC_TOKEN: 'attic-0123456789\n' }, redactor)?.reveal()).toBe('attic-0123456789');
  expect(redactor.redact('attic-0123456789')).toBe('[MASKED]');
});
