import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Secret } from '../../../source/core/secret.ts';
import { findToken } from '../../../source/services/credentials/find.ts';
import {
  type Keychain,
  type KeychainOptions,
  openKeychain,
} from '../../../source/services/credentials/keychain.ts';
import { removingToken, storingToken, tokenService } from '../../../source/services/credentials/stored.ts';
import { openWorld } from '../../promises/world.ts';
import { openHome } from './world.ts';

function open(options: Partial<KeychainOptions> = {}): Keychain {
  const { redactor } = openHome();
  const keychain = openKeychain({ environment: {}, redactor, ...options });
  if ('off' in keychain) throw new Error(keychain.off);
  return keychain;
}

test('HUSKYCAT_NO_KEYCHAIN=1 switches it off', () => {
  const { redactor } = openHome();
  expect(openKeychain({ environment: { HUSKYCAT_NO_KEYCHAIN: '1' }, redactor })).toEqual({
    off: 'switched off by HUSKYCAT_NO_KEYCHAIN',
  });
});

test.runIf(process.platform === 'linux')(
  'without a keychain service it says so, and the next source is asked',
  async () => {
    const { question, home } = openHome({
      '.config/glab-cli/config.yml': 'hosts: {gitlab.com: {token: glab-token-0123}}',
    });
    const keychain = open({ environment: { DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(home, 'none')}` } });
    const { found, refusals } = await findToken(question({ keychain }));
    expect(found?.source).toBe('glab');
    expect(refusals.at(-1)).toMatchObject({
      source: 'keychain',
      failure: { kind: 'unavailable', code: 'keychain' },
    });
  },
);

test.runIf(process.platform === 'linux')(
  'a keychain that never answers is given up, and its process ended',
  async () => {
    const { home } = openHome();
    const sockets: Socket[] = [];
    const closed = Promise.withResolvers<void>();
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
      socket.on('close', () => closed.resolve());
      socket.resume();
    });
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const path = join(home, 'bus');
    await new Promise<void>((done) => server.listen(path, done));
    const keychain = open({ environment: { DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}` }, timeout: 1_000 });
    await expect(keychain.get(tokenService, 'https://gitlab.com')).rejects.toMatchObject({
      code: 'keychain-timeout',
    });
    await closed.promise;
    expect(sockets.length).toBeGreaterThan(0);
  },
);

test.runIf(process.platform === 'linux')(
  'a token is kept and removed through the gate, and nowhere to be read',
  async (context) => {
    const { redactor, question } = openHome();
    const keychain = open({ store: 'keyutils', redactor });
    const server = `https://huskycat-test-${process.pid}.example.com`;
    try {
      await keychain.get(tokenService, server);
    } catch (error) {
      return context.skip(`no kernel keyring here: ${String(error)}`);
    }
    const { gate, journal, activity } = openWorld();
    const token = new Secret('kept-0123456789');
    await expect(gate.perform(storingToken(keychain, server, token))).rejects.toMatchObject({
      code: 'read-only',
    });
    expect(await keychain.get(tokenService, server)).toBeUndefined();
    gate.arm();
    try {
      await gate.perform(storingToken(keychain, server, token));
    } catch (error) {
      return context.skip(`the kernel keyring cannot be written here: ${String(error)}`);
    }
    onTestFinished(async () => {
      gate.arm();
      await gate.perform(removingToken(keychain, server));
    });
    const { found } = await findToken(question({ keychain, server }));
    expect(found?.source).toBe('keychain');
    expect(found?.token.reveal()).toBe('kept-0123456789');
    expect((await findToken(question({ keychain, server: `${server}:8443` }))).found).toBeUndefined();
    expect(await gate.perform(removingToken(keychain, server))).toBe(true);
    expect(await gate.perform(removingToken(keychain, server))).toBe(false);
    const traces = JSON.stringify([(await journal.read()).entries, activity.list()]);
    expect(traces).toContain('in the keychain');
    expect(traces).not.toContain('kept-0123456789');
  },
);
