import { execFileSync } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { saveHostKey } from '../../source/services/ssh/saveHostKey.ts';
import type { HostKeyAnswer, UnknownHostKey } from '../../source/services/ssh/types.ts';
import { makeKey, startServer, withSsh } from '../services/ssh/world.ts';

function answering(answer: HostKeyAnswer) {
  return vi.fn(async (_key: UnknownHostKey) => answer);
}

withSsh('host keys', () => {
  test('a known key is not asked about', async () => {
    const server = await startServer();
    const ask = answering('refuse');
    const shell = await server.connect({ ask });
    expect(await shell.read(['echo', 'hello'])).toMatchObject({ code: 0, stdout: 'hello\n' });
    expect(ask).not.toHaveBeenCalled();
    expect(shell.address).toBe(`ops@127.0.0.1:${server.port}`);
  });

  test('an unknown key without anyone to ask is for the user, with its fingerprint', async () => {
    const server = await startServer();
    server.write('known_hosts', '');
    const shown = execFileSync('ssh-keygen', ['-lf', server.inside('host.pub')], { encoding: 'utf8' });
    await expect(server.connect()).rejects.toMatchObject({
      kind: 'needs-user',
      code: 'unknown-host-key',
      saw: expect.stringContaining(shown.split(' ')[1]!),
    });
    expect(server.logins()).toBe(0);
  });

  test('accepted once, it connects, also again, and writes nothing', async () => {
    const server = await startServer();
    server.write('known_hosts', '');
    server.gate.arm();
    const ask = answering('once');
    const shell = await server.connect({ ask });
    server.drop();
    await expect
      .poll(() =>
        shell.read(['true']).then(
          ({ code }) => code,
          () => 'lost',
        ),
      )
      .toBe(0);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(ask.mock.calls[0]![0]).toMatchObject({
      host: server.known,
      type: 'ssh-ed25519',
      file: server.inside('known_hosts'),
      line: `${server.known} ${server.hostKey}`,
      otherTypes: [],
    });
    expect(server.read('known_hosts')).toBe('');
    expect((await server.journal.read()).entries).toEqual([]);
  });

  test('saved, it is one line more in a file that keeps its mode and every byte, and in the journal', async () => {
    const server = await startServer();
    const before = `# mine \nother ${server.userKey}`;
    server.write('known_hosts', before);
    chmodSync(server.inside('known_hosts'), 0o640);
    server.gate.arm();
    await server.connect({ ask: answering('save') });
    expect(server.read('known_hosts')).toBe(`${before}\n${server.known} ${server.hostKey}\n`);
    expect(statSync(server.inside('known_hosts')).mode & 0o777).toBe(0o640);
    const { entries } = await server.journal.read();
    expect(entries.map(({ state }) => state)).toEqual(['intent', 'done']);
    const second = answering('refuse');
    await server.connect({ ask: second });
    expect(second).not.toHaveBeenCalled();
  });

  test('saving while read-only is refused, said, and still connects', async () => {
    const server = await startServer();
    server.write('known_hosts', '');
    const shell = await server.connect({ ask: answering('save') });
    expect((await shell.read(['true'])).code).toBe(0);
    expect(server.read('known_hosts')).toBe('');
    expect(server.notices).toEqual([
      { kind: 'warning', text: expect.stringMatching(/was not saved.*read-only/) },
    ]);
  });

  test('a saved name is hashed when the configuration says so, and ssh-keygen finds it', async () => {
    const server = await startServer();
    server.write('known_hosts', '');
    server.write('config', 'HashKnownHosts yes\n');
    server.gate.arm();
    await server.connect({ ask: answering('save') });
    expect(server.read('known_hosts')).toMatch(/^\|1\|/);
    const found = execFileSync('ssh-keygen', ['-F', server.known, '-f', server.inside('known_hosts')], {
      encoding: 'utf8',
    });
    expect(found).toContain(server.hostKey);
    await server.connect();
  });

  test('a known_hosts that changed since it was read is left as it is', async () => {
    const server = await startServer();
    const { gate, known: host, inside } = server;
    const file = inside('known_hosts');
    const [type = '', key = ''] = server.hostKey.split(' ');
    const line = `${host} ${type} ${key}`;
    gate.arm();
    const saving = saveHostKey({ host, type, fingerprint: 'SHA256:x', file, line, otherTypes: [] });
    server.write('known_hosts', '# mine\n');
    await expect(gate.perform(saving)).rejects.toMatchObject({ kind: 'refused', code: 'stale' });
    expect(server.read('known_hosts')).toBe('# mine\n');
  });

  test('a refused key is not connected to', async () => {
    const server = await startServer();
    server.write('known_hosts', '');
    await expect(server.connect({ ask: answering('refuse') })).rejects.toMatchObject({
      kind: 'refused',
      code: 'host-key-refused',
    });
    expect(server.logins()).toBe(0);
  });

  test('StrictHostKeyChecking yes is not asked about', async () => {
    const server = await startServer();
    server.write('known_hosts', '');
    server.write('config', 'StrictHostKeyChecking yes\n');
    const ask = answering('once');
    await expect(server.connect({ ask })).rejects.toMatchObject({ code: 'unknown-host-key' });
    expect(ask).not.toHaveBeenCalled();
  });

  test('a hashed name is known', async () => {
    const server = await startServer();
    execFileSync('ssh-keygen', ['-q', '-H', '-f', server.inside('known_hosts')], { stdio: 'ignore' });
    expect(server.read('known_hosts')).toMatch(/^\|1\|/);
    await server.connect();
    expect(server.logins()).toBe(1);
  });

  test('a changed key is refused, with file and line, whoever is asked', async () => {
    const server = await startServer();
    server.write('known_hosts', `# a comment\n${server.known} ${makeKey(server.inside('other'))}\n`);
    const ask = answering('once');
    await expect(server.connect({ ask })).rejects.toMatchObject({
      kind: 'refused',
      code: 'host-key-changed',
      saw: expect.stringContaining(`${server.inside('known_hosts')}, line 2`),
    });
    expect(ask).not.toHaveBeenCalled();
    expect(server.logins()).toBe(0);
  });

  test('a revoked key is refused, also where another line knows it', async () => {
    const server = await startServer();
    server.write('known_hosts', `${server.known} ${server.hostKey}\n@revoked * ${server.hostKey}\n`);
    await expect(server.connect({ ask: answering('once') })).rejects.toMatchObject({
      kind: 'refused',
      code: 'host-key-revoked',
      saw: expect.stringContaining('line 2'),
    });
    server.write('known_hosts', `@revoked 127.0.0.1 ${server.hostKey}\n`);
    await expect(server.connect({ ask: answering('once') })).rejects.toMatchObject({
      code: 'host-key-revoked',
    });
    expect(server.logins()).toBe(0);
  });

  test('a certificate authority alone is said to be unsupported', async () => {
    const server = await startServer();
    server.write('known_hosts', `@cert-authority * ${server.userKey}\n`);
    await expect(server.connect({ ask: answering('once') })).rejects.toMatchObject({
      kind: 'needs-user',
      code: 'host-certificate',
    });
  });

  test('a key of a known type is asked of the server first: a second, unknown key does not judge it', async () => {
    const server = await startServer({ hostKeys: ['host', 'rsa'] });
    server.write('known_hosts', `${server.known} ${server.rsaKey}\n`);
    await server.connect();
    server.write('known_hosts', `${server.known} ${server.hostKey}\n`);
    await server.connect();
    expect(server.logins()).toBe(2);
  });

  test('a key of another type than the known ones is unknown, and says so', async () => {
    const server = await startServer();
    server.write('known_hosts', `${server.known} ${makeKey(server.inside('ec'), 'ecdsa')}\n`);
    const ask = answering('once');
    await server.connect({ ask });
    expect(ask.mock.calls[0]![0].otherTypes).toEqual(['ecdsa-sha2-nistp256']);
  });

  test('a key that is known for the host without a port is known; one that differs is not taken for it', async () => {
    const server = await startServer();
    server.write('known_hosts', `127.0.0.1 ${server.hostKey}\n`);
    await server.connect();
    server.write('known_hosts', `127.0.0.1 ${makeKey(server.inside('other'))}\n`);
    await expect(server.connect()).rejects.toMatchObject({ code: 'unknown-host-key' });
  });

  test('HostKeyAlias is the name that is looked up, without a port, and several files are looked into', async () => {
    const server = await startServer();
    server.write('empty', '');
    server.write('global', `honey ${server.hostKey}\n`);
    server.write(
      'config',
      `HostKeyAlias honey\nUserKnownHostsFile ${server.inside('missing')} ${server.inside('empty')}\nGlobalKnownHostsFile ${server.inside('global')}\n`,
    );
    await server.connect({ knownHosts: undefined });
    expect(server.logins()).toBe(1);
  });

  test('a known_hosts that cannot be read is for the user', async () => {
    const server = await startServer();
    await expect(server.connect({ knownHosts: server.inside('x'.repeat(300)) })).rejects.toMatchObject({
      kind: 'needs-user',
      code: 'known-hosts-unreadable',
    });
  });
});
