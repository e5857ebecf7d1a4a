import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { Secret } from '../../source/core/secret.ts';
import { findToken } from '../../source/services/credentials/find.ts';
import { openKeychain } from '../../source/services/credentials/keychain.ts';
import { removingToken, storingToken } from '../../source/services/credentials/stored.ts';
import { openWorld } from '../promises/world.ts';
import { openHome } from '../services/credentials/world.ts';
import { needsProgram } from './require.ts';

const server = 'https://gitlab.example.com';

/** Runs a desktop's secret service with an unlocked keyring, on a bus of its own; gives the bus and the keyring's folder. */
async function secretService(): Promise<{ bus: string; keyrings: string }> {
  const home = mkdtempSync(join(tmpdir(), 'huskycat-keyring-'));
  mkdirSync(join(home, 'run'), { mode: 0o700 });
  const script = `printf swordfish | gnome-keyring-daemon --unlock --components=secrets >&2
    printf '%s\\n' "$DBUS_SESSION_BUS_ADDRESS"; read -r end`;
  const child = spawn('dbus-run-session', ['--', 'sh', '-c', script], {
    env: { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: join(home, 'run') },
  });
  child.stderr.resume();
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.stdin.end('\n');
    await ended;
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });
  const [bus] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { bus, keyrings: join(home, '.local/share/keyrings') };
}

const programs = ['dbus-run-session', 'gnome-keyring-daemon'].map(needsProgram);

test.skipIf(programs.includes(undefined))(
  'a token is kept in the secret service of a desktop, found at the next start, and removed',
  async () => {
    const { bus, keyrings } = await secretService();
    const { redactor, question } = openHome();
    const keychain = openKeychain({
      environment: { DBUS_SESSION_BUS_ADDRESS: bus },
      redactor,
      timeout: 10_000,
    });
    if ('off' in keychain) throw new Error(keychain.off);
    const { gate, journal, activity } = openWorld();
    gate.arm();
    await gate.perform(storingToken(keychain, server, new Secret('kept-0123456789')));

    const { found } = await findToken(question({ keychain, server }));
    expect([found?.source, found?.token.reveal()]).toEqual(['keychain', 'kept-0123456789']);
    const foreign = await findToken(question({ keychain, server: 'https://elsewhere.example.com' }));
    expect(foreign.found).toBeUndefined();
    const files = readdirSync(keyrings).map((name) => readFileSync(join(keyrings, name), 'latin1'));
    expect(files.join('')).not.toContain('kept-0123456789');

    expect(await gate.perform(removingToken(keychain, server))).toBe(true);
    expect((await findToken(question({ keychain, server }))).found).toBeUndefined();
    expect(JSON.stringify([(await journal.read()).entries, activity.list()])).not.toContain(
      'kept-0123456789',
    );
  },
);
