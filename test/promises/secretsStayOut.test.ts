import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createRedactor } from '../../source/core/text/redact.ts';
import { createActivity } from '../../source/services/activity.ts';
import { atticToken } from '../../source/services/credentials/environment.ts';
import { findToken, type TokenQuestion } from '../../source/services/credentials/find.ts';
import { createGate } from '../../source/services/gate.ts';
import { openJournal } from '../../source/services/journal.ts';
import { openHome } from '../services/credentials/world.ts';

const secret = 'swordfish-0123456789';
const glab = (token: string) => `hosts:\n  gitlab.com:\n    token: ${token}\n`;

function configure(write: ReturnType<typeof openHome>['write'], text: string): Partial<TokenQuestion> {
  write('.config/glab-cli/config.yml', text);
  return {};
}

type Source = (home: ReturnType<typeof openHome>) => Partial<TokenQuestion>;
const sources: readonly (readonly [string, Source])[] = [
  ['file', ({ write }) => ({ tokenFile: write('token', secret) })],
  ['file', () => ({ tokenFile: '-', readInput: async () => `${secret}\n` })],
  ['environment', () => ({ environment: { GITLAB_TOKEN: secret } })],
  ['glab', ({ write }) => configure(write, glab(secret))],
];

test.each(sources)('a token from %s shows itself nowhere', async (source, prepare) => {
  const home = openHome();
  const { redactor, write, question } = home;
  const { found } = await findToken(question(prepare(home)));
  expect(found?.source).toBe(source);
  expect(found?.token.reveal()).toBe(secret);
  expect(inspect(found, { depth: 9, showHidden: true }) + JSON.stringify(found) + found?.token).not.toContain(
    secret,
  );
  const now = () => Date.UTC(2026, 0, 1);
  const { redact } = redactor;
  const activity = createActivity({ now, redact });
  const journal = openJournal(write('journal.jsonl', ''));
  const gate = createGate({ journal, activity, redact, now, readOnly: false, run: 'test' });
  gate.arm();
  const basic = Buffer.from(secret).toString('base64');
  await gate
    .perform({
      title: `Send ${secret}`,
      effect: 'remote',
      target: `https://gitlab.com/?token=${secret}`,
      detail: `Authorization: Basic ${basic}`,
      undo: { text: `Take ${secret} back.`, command: `undo ${secret}` },
      perform: () => Promise.reject(new Error(`the server said: ${secret} ${basic}`)),
    })
    .catch(() => {});
  const traces = readFileSync(journal.path, 'utf8') + JSON.stringify(activity.list());
  expect(traces).toContain('[MASKED]');
  expect(traces).not.toContain(secret);
  expect(traces).not.toContain(basic);
});

const broken: readonly (readonly [string, Source])[] = [
  ['a file that others can read', ({ write }) => ({ tokenFile: write('token', secret, 0o644) })],
  ['a file of two words', ({ write }) => ({ tokenFile: write('token', `${secret} ${secret}`) })],
  ['an input of two lines', () => ({ tokenFile: '-', readInput: async () => `${secret}\n${secret}` })],
  ['a variable of two words', () => ({ environment: { GITLAB_TOKEN: `${secret} ${secret}` } })],
  ['a host with a password', () => ({ environment: { GITLAB_TOKEN: 'x', GITLAB_HOST: `me:${secret}@a.b` } })],
  ['a glab file that is broken', ({ write }) => configure(write, `${glab(secret)} {`)],
  ['a glab token of two words', ({ write }) => configure(write, glab(`${secret} ${secret}`))],
];

test.each(broken)('%s is refused without being quoted', async (_, prepare) => {
  const home = openHome();
  const answer: unknown = await findToken(home.question(prepare(home))).catch((error: unknown) => error);
  expect(answer).not.toHaveProperty('found');
  expect(inspect(answer, { depth: 9, showHidden: true }) + JSON.stringify(answer)).not.toContain(secret);
});

test('ATTIC_TOKEN shows itself nowhere', () => {
  const redactor = createRedactor();
  expect(inspect(atticToken({ ATTIC_TOKEN: secret }, redactor), { showHidden: true })).not.toContain(secret);
  expect(redactor.redact(`Bearer ${secret}`)).not.toContain(secret);
});

test.each([
  'https://gitlab.example.com',
  'https://gitlab.com.evil.example',
  'https://evil.example/gitlab.com',
  'https://gitlab.com:8443',
  'http://gitlab.com',
])('GITLAB_TOKEN is never offered to %s', async (server) => {
  const { question } = openHome();
  const { found } = await findToken(question({ server, environment: { GITLAB_TOKEN: secret } }));
  expect(found).toBeUndefined();
});
