import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openShell, type ShellOptions } from '../../source/services/ssh/openShell.ts';
import type { Notice } from '../../source/services/ssh/types.ts';
import { openWorld } from '../promises/world.ts';
import { openRealSsh, type RealServer, type RealSsh } from './sshServer.ts';

const ssh = openRealSsh();
afterAll(() => ssh?.remove());
beforeEach(() => {
  vi.stubEnv('SSH_AUTH_SOCK', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Every test has its own; `real` is there whenever the tests are not skipped. */
function world(real: RealSsh, server: RealServer) {
  const { gate, activity } = openWorld();
  const notices: Notice[] = [];
  real.write('known_hosts', `${server.known}\n`);
  real.write('config', '');
  const connect = async (extra: Partial<ShellOptions> = {}) => {
    const shell = await openShell({
      destination: '127.0.0.1',
      port: server.port,
      identityFile: real.inside('id'),
      knownHosts: real.inside('known_hosts'),
      configFile: real.inside('config'),
      gate,
      activity,
      onNotice: (notice) => notices.push(notice),
      ...extra,
    });
    onTestFinished(() => shell.close());
    return shell;
  };
  return { connect, notices, gate, activity };
}

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

describe.skipIf(!ssh)('a real sshd', () => {
  const real = ssh as RealSsh;

  test('logs in, keeps arguments, tells outputs, status and signal apart', async () => {
    const { connect } = world(real, await real.start('plain'));
    const shell = await connect();
    const words = ["it's", '$(id)', 'a\nb', '', '-n'];
    expect((await shell.read(['printf', '%s|', ...words])).stdout).toBe(
      words.map((word) => `${word}|`).join(''),
    );
    expect(await shell.read(['sh', '-c', 'cat; echo no >&2; exit 4'], { input: 'in' })).toEqual({
      code: 4,
      exitSignal: null,
      stdout: 'in',
      stderr: 'no\n',
      cut: false,
    });
    expect(await shell.read(['sh', '-c', 'kill -TERM $$'])).toMatchObject({
      code: null,
      exitSignal: 'SIGTERM',
    });
    const big = await shell.read(['head', '-c', '50000000', '/dev/zero'], { maxBytes: 10 });
    expect(big).toMatchObject({ code: 0, cut: true });
  });

  test('a command that is aborted loses its outputs, so that one that writes ends', async () => {
    const { connect } = world(real, await real.start('abort'));
    const shell = await connect();
    const stop = new AbortController();
    let pid = 0;
    const running = shell.read(['sh', '-c', 'echo $$; while sleep 0.05; do echo tick; done'], {
      signal: stop.signal,
      onOutput: (text) => {
        pid ||= Number.parseInt(text, 10);
        stop.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => isRunning(pid)).toBe(false);
    expect((await shell.read(['true'])).code).toBe(0);
  });

  test('MaxSessions 2 is kept to', async () => {
    const { connect } = world(real, await real.start('sessions', 'MaxSessions 2'));
    const shell = await connect();
    const results = await Promise.all(Array.from({ length: 12 }, (_, n) => shell.read(['echo', String(n)])));
    expect(results.map(({ stdout }) => Number(stdout))).toEqual(Array.from({ length: 12 }, (_, n) => n));
  });

  test('a session that the host kills is told, and the next command connects anew', async () => {
    const { connect } = world(real, await real.start('kill'));
    const shell = await connect();
    const upToSshd =
      'p=$PPID; while [ "$(cat /proc/$p/comm)" != sshd ]; do p=$(cut -d" " -f4 /proc/$p/stat); done; kill -9 $p; sleep 300';
    const parent = shell.read(['sh', '-c', upToSshd]);
    await expect(parent).rejects.toMatchObject({ kind: 'unavailable', code: 'connection-lost' });
    expect((await shell.read(['echo', 'back'])).stdout).toBe('back\n');
  });

  test('the banner is shown; an unknown, a hashed, a changed and a revoked key are what they are for ssh', async () => {
    real.write('banner', 'Welcome\u001b[31m to\nhoney\n');
    const server = await real.start('keys', `Banner ${real.inside('banner')}`);
    const { connect, notices } = world(real, server);
    await connect();
    expect(notices).toEqual([{ kind: 'banner', text: 'Welcome to honey' }]);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', real.inside('known_hosts')], { stdio: 'ignore' });
    await connect();
    const [name] = server.known.split(' ');
    real.write('known_hosts', `${server.known}\n@revoked * ${server.known.slice((name ?? '').length + 1)}\n`);
    await expect(connect()).rejects.toMatchObject({ code: 'host-key-revoked' });
    const other = readFileSync(real.inside('id.pub'), 'utf8').trim();
    real.write('known_hosts', `${name} ${other}\n`);
    await expect(connect()).rejects.toMatchObject({ code: 'host-key-changed' });
    real.write('known_hosts', '');
    await expect(connect()).rejects.toMatchObject({ code: 'unknown-host-key' });
  });

  test('too many keys in the agent are told as what they are', async () => {
    const { connect } = world(real, await real.start('tries', 'MaxAuthTries 1'));
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', real.inside('stranger')]);
    await expect(connect({ identityFile: real.inside('stranger') })).rejects.toMatchObject({
      kind: 'needs-user',
      code: 'auth-failed',
    });
  });

  test('ProxyJump goes through the user’s own ssh, over two hops', async () => {
    const [first, second, last] = [
      await real.start('hop1'),
      await real.start('hop2'),
      await real.start('last'),
    ];
    const common = `User ${real.user}\n IdentityFile ${real.inside('id')}\n HostName 127.0.0.1\n UserKnownHostsFile ${real.inside('all_hosts')}\n GlobalKnownHostsFile /dev/null`;
    real.write('all_hosts', [first, second, last].map(({ known }) => `${known}\n`).join(''));
    real.write(
      'config',
      `Host hop1\n ${common}\n Port ${first.port}\nHost hop2\n ${common}\n Port ${second.port}\nHost target\n ${common}\n Port ${last.port}\n ProxyJump hop1,hop2\n`,
    );
    const options = { destination: 'target', configFile: real.inside('config'), ...openWorld() };
    const shell = await openShell(options);
    onTestFinished(() => shell.close());
    expect(shell).toMatchObject({ local: false, address: `${real.user}@127.0.0.1:${last.port}` });
    const { stdout } = await shell.read(['sh', '-c', 'echo "$SSH_CONNECTION"']);
    expect(stdout).toMatch(new RegExp(` 127.0.0.1 ${last.port}\n$`));
    expect(readFileSync(real.inside('hop1.log'), 'utf8')).toContain('Accepted publickey');
    expect(readFileSync(real.inside('hop2.log'), 'utf8')).toContain('Accepted publickey');
    second.stop();
    shell.close();
    await expect(openShell(options)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'proxy-failed',
      saw: expect.stringContaining('Connection refused'),
    });
  });

  test('a jump host with an unknown key is ssh’s to refuse', async () => {
    const [hop, last] = [await real.start('strange'), await real.start('behind')];
    real.write('none', '');
    real.write('behind_hosts', `${last.known}\n`);
    real.write(
      'config',
      `Host hop\n HostName 127.0.0.1\n Port ${hop.port}\n UserKnownHostsFile ${real.inside('none')}\n GlobalKnownHostsFile /dev/null\nHost target\n HostName 127.0.0.1\n Port ${last.port}\n UserKnownHostsFile ${real.inside('behind_hosts')}\n ProxyJump hop\n`,
    );
    await expect(
      openShell({ destination: 'target', configFile: real.inside('config'), ...openWorld() }),
    ).rejects.toMatchObject({
      code: 'proxy-failed',
      saw: expect.stringContaining('Host key verification failed'),
    });
  });

  test('ProxyCommand carries the connection, its tokens replaced; one that fails says what it said', async () => {
    const server = await real.start('command');
    const { connect } = world(real, server);
    const relay = `${process.execPath} -e "const s=require('net').connect(+process.argv[2],process.argv[1]);process.stdin.pipe(s).pipe(process.stdout)" %h %p`;
    real.write('config', `ProxyCommand ${relay}\n`);
    expect((await (await connect()).read(['echo', 'through'])).stdout).toBe('through\n');
    real.write('config', "ProxyCommand sh -c 'echo no way to %h >&2; exit 1'\n");
    await expect(connect()).rejects.toMatchObject({
      code: 'proxy-failed',
      saw: expect.stringContaining('no way to 127.0.0.1'),
    });
    real.write('config', 'ProxyCommand no-such-program %h\n');
    await expect(connect()).rejects.toMatchObject({ code: 'proxy-failed' });
  });
});
