import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Secret } from '../../source/core/secret.ts';
import type { Keeping } from '../../source/services/credentials/stored.ts';
import { rich } from './snapshots.ts';
import { show } from './terminal.ts';
import { fakeWorkspace } from './world.ts';

const retry = {
  title: 'Retry job build:2?',
  lines: ['It runs again, and so do the 3 jobs that wait for it.'],
};

test('y runs what was asked', async () => {
  const { questions, settle, frame, type } = await show(rich());
  const answer = questions.confirm(retry);
  await settle();
  expect(frame()).toContain('Retry job build:2?');
  await expect(`${frame()}\n`).toMatchFileSnapshot('frames/confirm-80x24.txt');
  await type('y');
  expect(await answer).toBe(true);
  expect(frame()).not.toContain('Retry job');
});

test.each([
  ['Esc', '\u001B'],
  ['q', 'q'],
  ['n', 'n'],
  ['Ctrl-C', '\u0003'],
])('%s never runs what was asked', async (_name, key) => {
  const { questions, settle, type } = await show(rich());
  const answer = questions.confirm(retry);
  await settle();
  await type(key);
  expect(await answer).toBe(false);
});

test('resizing, Enter, other keys and a paste neither run nor answer it; leaving answers no', async () => {
  const { questions, settle, type, resize, frame } = await show(rich());
  const answers: boolean[] = [];
  const answer = questions.confirm(retry).then((isSure) => answers.push(isSure));
  await settle();
  await resize(60, 20);
  await resize(120, 40);
  await type('\rjk1?:');
  await type('\u001B[200~y\u001B[201~');
  expect(answers).toEqual([]);
  expect(frame()).toContain('Retry job build:2?');
  await type('\u0003');
  await answer;
  expect(answers).toEqual([false]);
});

test('what cannot be undone wants its name typed, to the letter', async () => {
  const { questions, settle, type, frame } = await show(rich());
  const wrong = questions.confirm({ ...retry, typed: 'build' });
  await settle();
  await type('y');
  await type('\r');
  expect(await wrong).toBe(false);
  const right = questions.confirm({ ...retry, typed: 'build' });
  await settle();
  await type('buildd\u007F');
  expect(frame()).toContain('> build');
  await type('\r');
  expect(await right).toBe(true);
});

test('a secret is typed or pasted whole, and no part of it is ever written to the terminal', async () => {
  const { questions, settle, type, written, frame } = await show(rich());
  const answer = questions.secret({ title: 'GitLab token', lines: ['Paste it.'] });
  await settle();
  await type('sec');
  await type('\u001B[200~glpat-0123456789\nabcdef\u001B[201~');
  expect(frame()).toContain('> ************');
  await type('\r');
  expect((await answer)?.reveal()).toBe('secglpat-0123456789abcdef');
  expect(written()).not.toMatch(/glpat|012345|abcdef|secg/);
});

const keeps = (kept: string[]) => ({
  server: 'https://gitlab.example',
  write: {
    title: 'Keep the token',
    effect: 'local',
    target: 'keychain',
    detail: '',
    undo: 'irreversible',
    perform: async () => void kept.push('kept'),
  } as const,
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function signedIn(keeping: Keeping) {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-dialogs-'));
  folders.push(folder);
  const workspace = fakeWorkspace({ journal: join(folder, 'journal.jsonl') });
  const given: string[] = [];
  const onToken = async (token: Secret): Promise<Keeping> => {
    given.push(token.reveal());
    return keeping;
  };
  const shown = await show(rich(), { options: { env: { TERM: 'xterm-256color' }, onToken }, workspace });
  await shown.type('s');
  await shown.type('glpat-abcdefghij\r');
  expect(given).toEqual(['glpat-abcdefghij']);
  return shown;
}

test('s asks for a token, hands it on, and keeps it when the user says so', async () => {
  const kept: string[] = [];
  const { type, frame } = await signedIn(keeps(kept));
  expect(frame()).toContain('Keep the token for the next start?');
  expect(frame()).toContain('for https://gitlab.example alone');
  expect(frame()).toContain('This arms writes for ten minutes');
  await expect(`${frame()}\n`).toMatchFileSnapshot('frames/keep-token-80x24.txt');
  expect(kept).toEqual([]);
  await type('y');
  expect(kept).toEqual(['kept']);
  expect(frame()).toContain('the token is in the keychain');
});

test('a token that is not to be kept, or cannot be, is good until the end of the run', async () => {
  const kept: string[] = [];
  const no = await signedIn(keeps(kept));
  await no.type('n');
  expect(no.frame()).toContain('signed in until the end of this run');
  expect(no.frame()).toContain('READ ONLY');
  const off = await signedIn({ off: 'no keychain answers' });
  expect(off.frame()).toContain('(or set GITLAB_TOKEN); not kept: no keychain answers');
  expect(kept).toEqual([]);
});

test('an unknown host key is shown with its fingerprint; Enter does not accept it', async () => {
  const { questions, settle, type, frame } = await show(rich());
  const key = {
    host: '[honey]:2222',
    type: 'ssh-ed25519',
    fingerprint: 'SHA256:WcBy3Kf1zqZ9d1LwT0b3sWm2HhKzJ0Xh9Qe5l2bYx0Q',
    file: '/home/dev/.ssh/known_hosts',
    line: '[honey]:2222 ssh-ed25519 AAAA',
    otherTypes: ['ssh-rsa'],
  };
  const first = questions.hostKey(key);
  await settle();
  expect(frame()).toContain(key.fingerprint);
  expect(frame()).toContain(key.file);
  expect(frame()).toContain('known_hosts has it with another key: ssh-rsa');
  await type('\r');
  await type('n');
  expect(await first).toBe(false);
  const second = questions.hostKey(key);
  await settle();
  await type('y');
  expect(await second).toBe(true);
});

test('a choice is made by Enter, and nothing is chosen by Esc', async () => {
  const { questions, settle, type } = await show(rich());
  const options = [
    { value: 'a', label: 'worktree' },
    { value: 'b', label: 'merge request' },
  ];
  const chosen = questions.choice({ title: 'Where to?', lines: [], options });
  await settle();
  await type('jj\r');
  expect(await chosen).toBe('b');
  const none = questions.choice({ title: 'Where to?', lines: [], options });
  await settle();
  await type('\u001B');
  expect(await none).toBeUndefined();
});

test('a arms writes after a question, the header counts down by its own cells, and a locks again', async () => {
  const workspace = fakeWorkspace();
  const { type, frame, written, settle, rows, until } = await show(rich(), { workspace });
  await type('a');
  expect(frame()).toContain('Arm writes for ten minutes?');
  await type('y');
  expect(rows()[0]).toMatch(/ARMED (?:10:00|9:5\d)$/);
  expect(workspace.gate.armed().state).toBe('armed');
  await settle();
  const before = written().length;
  await until(/ARMED 9:5[5-7]$/m);
  expect(written().length - before).toBeLessThan(5 * 220);
  await type('a');
  expect(rows()[0]).toMatch(/READ ONLY$/);
});

test('--read-only cannot be armed and says why', async () => {
  const workspace = fakeWorkspace({ readOnly: true });
  const { type, frame } = await show(rich(), { workspace });
  await type('a');
  expect(frame()).toContain('started with --read-only: writes cannot be armed');
  expect(workspace.gate.armed().state).toBe('read-only');
});
