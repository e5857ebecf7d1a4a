import { execFileSync, spawn } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { hostname, userInfo } from 'node:os';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { openShell } from '../../../source/services/ssh/openShell.ts';
import { makeKey, startServer, withSsh } from './world.ts';

beforeEach(() => {
  vi.stubEnv('SSH_AUTH_SOCK', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

async function startAgent(socket: string): Promise<void> {
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void agent.kill());
  await new Promise((listening) => agent.stdout.once('data', listening));
}

/** A port of the loopback that does with each connection what the test says. */
async function listen(onConnection: Parameters<typeof createServer>[1]): Promise<number> {
  const server = createServer({}, onConnection);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

withSsh('logging in', () => {
  test('a key that the server does not know: what was tried, what it takes, and that there is no agent', async () => {
    const server = await startServer();
    makeKey(server.inside('stranger'));
    await expect(server.connect({ identityFile: server.inside('stranger') })).rejects.toMatchObject({
      kind: 'needs-user',
      code: 'auth-failed',
      saw: expect.stringMatching(/stranger; it takes publickey; there is no agent/),
    });
  });

  test('an identity file that was named and is not there', async () => {
    const server = await startServer();
    await expect(server.connect({ identityFile: server.inside('nothing') })).rejects.toMatchObject({
      code: 'no-identity-file',
    });
  });

  test('an encrypted key wants the agent; in the agent it logs in', async () => {
    const server = await startServer();
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'long enough', '-f', server.inside('id')]);
    await expect(server.connect()).rejects.toMatchObject({ kind: 'needs-user', code: 'key-encrypted' });
    execFileSync('ssh-keygen', ['-q', '-p', '-P', 'long enough', '-N', '', '-f', server.inside('id')]);
    await startAgent(server.inside('agent'));
    const env = { ...process.env, SSH_AUTH_SOCK: server.inside('agent') };
    execFileSync('ssh-add', ['-q', server.inside('id')], { env });
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'long enough', '-f', server.inside('id')]);
    server.write('config', `IdentityAgent ${server.inside('agent')}\n`);
    await server.connect();
    expect(server.logins()).toBe(1);
  });

  test('IdentitiesOnly keeps the keys of the agent that are not meant', async () => {
    const server = await startServer();
    makeKey(server.inside('stranger'));
    await startAgent(server.inside('agent'));
    vi.stubEnv('SSH_AUTH_SOCK', server.inside('agent'));
    execFileSync('ssh-add', ['-q', server.inside('id')]);
    await server.connect({ identityFile: server.inside('stranger') });
    server.write('config', 'IdentitiesOnly yes\n');
    await expect(server.connect({ identityFile: server.inside('stranger') })).rejects.toMatchObject({
      code: 'auth-failed',
      saw: expect.stringContaining('the agent holds 1 key'),
    });
  });

  test('an agent that is gone is no reason not to use a key', async () => {
    const server = await startServer();
    vi.stubEnv('SSH_AUTH_SOCK', server.inside('gone'));
    await server.connect();
    expect(server.logins()).toBe(1);
  });

  test('a banner is shown, made safe; a page of Tailscale to visit is told apart', async () => {
    const url = 'https://login.tailscale.com/a/0123abcd';
    const server = await startServer({ open: true, banner: `\u001b[2J# check\nvisit: ${url}\u202e\r\n` });
    await server.connect({ identityFile: undefined });
    expect(server.notices).toEqual([{ kind: 'check', text: `# check visit: ${url}`, url }]);
  });

  test('a question of the server is shown and never answered', async () => {
    const server = await startServer({ question: 'Password: ' });
    makeKey(server.inside('stranger'));
    await expect(server.connect({ identityFile: server.inside('stranger') })).rejects.toMatchObject({
      code: 'auth-failed',
      saw: expect.stringContaining('it asked: Login Password:'),
    });
    expect(server.notices).toEqual([{ kind: 'prompt', text: 'Login Password: ' }]);
  });
});

withSsh('what keeps a connection from coming about', () => {
  test.each(['-oProxyCommand=id', 'a b', 'ho\nst', 'a;id', '-x@host', 'x@-host', '', '$(id)', 'x@\u001b[2J'])(
    'the destination %j is refused before any program sees it',
    async (destination) => {
      const server = await startServer();
      await expect(server.connect({ destination })).rejects.toMatchObject({ code: 'bad-destination' });
    },
  );

  test('a port where nothing listens', async () => {
    const server = await startServer();
    const port = await listen(() => {});
    server.drop();
    const closed = createServer();
    await new Promise<void>((done) => closed.listen(0, '127.0.0.1', done));
    const free = (closed.address() as AddressInfo).port;
    await new Promise((done) => closed.close(done));
    expect(port).not.toBe(free);
    await expect(server.connect({ port: free })).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'refused',
    });
  });

  test('a name that does not exist', async () => {
    const server = await startServer();
    await expect(server.connect({ destination: 'no-such-host.invalid' })).rejects.toMatchObject({
      code: 'dns',
    });
  });

  test('a server that accepts and says nothing is given up after ConnectTimeout', async () => {
    const server = await startServer();
    const port = await listen(() => {});
    server.write('config', 'ConnectTimeout 1\n');
    await expect(server.connect({ port })).rejects.toMatchObject({ kind: 'unavailable', code: 'timeout' });
  });

  test('connecting can be aborted', async () => {
    const server = await startServer();
    const stop = new AbortController();
    const port = await listen(() => stop.abort());
    await expect(server.connect({ port, signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });

  test.each([
    ['closes at once', ''],
    ['speaks HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['speaks nonsense', 'SSH-2.0-x\r\n\0\0\xff\xff\xff\xff garbage'],
  ])('a port that %s', async (_name, text) => {
    const server = await startServer();
    const port = await listen((socket) => socket.end(Buffer.from(text, 'latin1')));
    await expect(server.connect({ port })).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'connection-lost',
    });
  });

  test('a configuration that ssh does not understand is named', async () => {
    const server = await startServer();
    server.write('config', 'Nonsense yes\n');
    await expect(server.connect()).rejects.toMatchObject({
      kind: 'needs-user',
      code: 'ssh-configuration',
      saw: expect.stringMatching(/config.*line 1|Bad configuration option/i),
    });
  });

  test('no ssh program', async () => {
    const server = await startServer();
    vi.stubEnv('PATH', server.directory);
    await expect(server.connect()).rejects.toMatchObject({ kind: 'needs-user', code: 'no-ssh' });
  });
});

withSsh('this machine', () => {
  test.each(['localhost', '127.0.0.1', hostname()])(
    '%s is this machine: commands run here, without SSH',
    async (destination) => {
      const { gate, activity, inside, logins } = await startServer();
      const shell = await openShell({ destination, gate, activity, configFile: inside('config') });
      expect(shell).toMatchObject({
        local: true,
        address: `${userInfo().username}@${destination.toLowerCase()}:22`,
      });
      expect(await shell.read(['sh', '-c', 'echo $$; exit 3'])).toMatchObject({ code: 3 });
      expect(await shell.read(['no-such-program'])).toMatchObject({
        code: 127,
        stderr: 'no-such-program: not found\n',
      });
      expect(logins()).toBe(0);
      expect(activity.list().at(-1)).toMatchObject({ kind: 'ssh', state: 'failed', result: 'exit 127' });
    },
  );

  test('another port, or another user, of this machine is not it', async () => {
    const server = await startServer();
    expect((await server.connect()).local).toBe(false);
    const other = server.connect({ destination: 'localhost', port: undefined, user: 'somebody-else' });
    const outcome = await other.then(
      ({ local }) => local,
      ({ tried }: { tried: string }) => tried,
    );
    expect(String(outcome)).toMatch(
      /^(?:false|connect to somebody-else@localhost:22|check the host key.*|log in as.*)$/,
    );
  });
});
