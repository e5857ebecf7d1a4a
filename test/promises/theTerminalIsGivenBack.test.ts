import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildFixture, openSession, type Session } from '../terminal/session.ts';

let fixture: Awaited<ReturnType<typeof buildFixture>>;

beforeAll(async () => {
  fixture = await buildFixture();
});

afterAll(() => fixture.remove());

/** Starts the screen from a shell that afterwards tells the exit status and the terminal's line settings. */
async function start(env: Readonly<Record<string, string>> = {}): Promise<Session> {
  const session = openSession(
    [
      'sh',
      '-c',
      `"${process.execPath}" "${fixture.path}"; echo "status=$?"; stty -a; echo the-end; read line`,
    ],
    env,
  );
  if (!env.FIXTURE_CRASH?.endsWith(':0')) await session.until('SANDBOX');
  return session;
}

/** Every mode that the screen sets is as it was, and the line is cooked again. */
async function expectRestored(session: Session, status: number): Promise<void> {
  await session.until('the-end');
  const { terminal } = session;
  expect(terminal.buffer.active.type).toBe('normal');
  expect(terminal.modes.bracketedPasteMode).toBe(false);
  expect(terminal.modes.mouseTrackingMode).toBe('none');
  expect(session.bytes().lastIndexOf('\u001B[?25h')).toBeGreaterThan(
    session.bytes().lastIndexOf('\u001B[?25l'),
  );
  expect(session.screen()).toContain(`status=${status}`);
  expect(session.screen()).toMatch(/(?<!-)\bicanon\b/);
  expect(session.screen()).toMatch(/(?<!-)\bisig\b/);
  expect(session.screen()).toMatch(/(?<!-)\becho\b/);
}

test('the program itself, in its sandbox: live panes, findings, and out again', async () => {
  const launcher = join(import.meta.dirname, '../../bin/huskycat-tui.js');
  const session = openSession([
    'sh',
    '-c',
    `"${process.execPath}" "${launcher}" --sandbox; echo "status=$?"; stty -a; echo the-end; read line`,
  ]);
  await session.until('SANDBOX', 20_000);
  await session.until('GitLab ✔', 20_000);
  session.type('3');
  await session.until('ATTIC_TOKEN', 20_000);
  session.type('5');
  await session.until('5 Pipeline #', 20_000);
  session.type('!');
  await session.until('by severity', 20_000);
  session.type('\u0003');
  await expectRestored(session, 0);
});

test('starts, navigates, filters, resizes and quits', async () => {
  const session = await start();
  expect(session.terminal.buffer.active.type).toBe('alternate');
  session.type('3');
  await session.until('APPLE_CERTIFICATE_BASE64');
  session.type('/attic');
  await session.until('/attic  1 of 9');
  session.type('\r');
  session.resize(160, 45);
  await session.until('4 Signing');
  session.resize(50, 14);
  await session.until(/^.{0,50}$/m);
  session.resize(80, 24);
  await session.until('/attic 1 of 9');
  session.type('q');
  await expectRestored(session, 0);
});

test('a terminal that shrank and grew back before Node looked is drawn whole', async () => {
  const session = await start();
  // Node compares sizes when SIGWINCH comes and finds the one that it knows.
  session.terminal.resize(50, 14);
  session.terminal.resize(80, 24);
  expect(session.screen()).not.toContain('SANDBOX');
  process.kill(session.pid(), 'SIGWINCH');
  await session.until('SANDBOX');
  await session.until('5 Pipeline');
  session.type('\u0003');
  await expectRestored(session, 0);
});

test('Ctrl-C leaves from anywhere: also out of a dialog, which it answers with no', async () => {
  const session = await start({ FIXTURE_ASK: 'build' });
  await session.until('This cannot be undone');
  session.type('build');
  await session.until('> build');
  session.type('\u0003');
  await expectRestored(session, 0);
  expect(session.screen()).toContain('answer: false');
});

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGINT', 130],
] as const)('%s restores the terminal', async (signal, status) => {
  const session = await start();
  process.kill(session.pid(), signal);
  await expectRestored(session, status);
});

test.each(['throw', 'rejection'])(
  'after a crash (%s) the error stands on the ordinary screen, without secrets',
  async (how) => {
    const session = await start({ FIXTURE_CRASH: `${how}:400` });
    await expectRestored(session, 1);
    expect(session.bytes()).toContain('huskycat-tui stopped: ');
    expect(session.bytes()).toContain('the secret is [MASKED]');
    expect(session.bytes()).not.toContain('hunter2');
    expect(session.bytes()).not.toContain('\u001B]0;owned');
  },
);

test('a dropped connection ends the program', async () => {
  const session = await start();
  const pid = session.pid();
  session.drop();
  await session.ended;
  await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
});

test('SIGKILL cannot be caught: the terminal stays as it was, and `reset` mends it', async () => {
  const session = await start();
  process.kill(session.pid(), 'SIGKILL');
  await session.until('the-end');
  expect(session.terminal.buffer.active.type).toBe('alternate');
});

describe.skipIf(process.platform === 'win32')('Ctrl-Z', () => {
  test('gives the terminal back to the shell, and fg comes back with a whole frame', async () => {
    const session = openSession(['bash', '--norc', '--noprofile', '-i']);
    await session.until('prompt>');
    session.type(`"${process.execPath}" "${fixture.path}"\r`);
    await session.until('SANDBOX');
    session.type('3');
    await session.until('APPLE_CERTIFICATE_BASE64');
    session.type('\u001A');
    await session.until('Stopped');
    expect(session.terminal.buffer.active.type).toBe('normal');
    expect(session.terminal.modes.bracketedPasteMode).toBe(true);
    session.type('stty -a\r');
    await session.until(/(?<!-)\bicanon\b/);
    session.type('fg\r');
    await session.until('APPLE_CERTIFICATE_BASE64');
    expect(session.terminal.buffer.active.type).toBe('alternate');
    session.type('jj');
    await session.until('3/9');
    session.type('q');
    await session.until('prompt>');
    expect(session.terminal.buffer.active.type).toBe('normal');
  });

  test('where no shell could continue it, the screen comes back by itself', async () => {
    const session = openSession([process.execPath, fixture.path]);
    await session.until('SANDBOX');
    session.type('\u001A');
    await expect.poll(() => session.bytes().split(alternateScreen).length - 1, { timeout: 10_000 }).toBe(2);
    await session.until('SANDBOX');
    session.type('2');
    await session.until('bazel-remote');
  });
});

test.each([['TERM=dumb', { TERM: 'dumb' }, 'cannot draw a screen']])(
  '%s is refused with what to do instead',
  async (_name, env, says) => {
    const session = openSession(
      ['sh', '-c', `TERM=dumb "${process.execPath}" "${fixture.path}"; echo "status=$?"; read line`],
      env,
    );
    await session.until('status=2');
    expect(session.screen()).toContain(says);
  },
);

test('without a terminal it says what to run instead', async () => {
  const session = openSession([
    'sh',
    '-c',
    `"${process.execPath}" "${fixture.path}" </dev/null | cat; echo "the-end"; read line`,
  ]);
  await session.until('the-end');
  expect(session.screen()).toContain('huskycat-tui status');
});

/** What turns the alternate screen on (DECSET 1049). */
const alternateScreen = '\u001B[?1049h';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
