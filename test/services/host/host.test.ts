import { release } from 'node:os';
import { expect, test } from 'vitest';
import { NeedsUser } from '../../../source/core/failure.ts';
import { connectHost } from '../../../source/services/host/connectHost.ts';
import { openShell } from '../../../source/services/ssh/openShell.ts';
import { type ServerOptions, startServer, withSsh } from '../ssh/world.ts';

const now = () => Date.now();
const container =
  '{"Names":"bazel-remote","Image":"b/c:1","State":"running","Status":"Up 1 hour","Ports":"9090/tcp"}';
const programs = {
  docker: `case $1 in version) echo 28.2.2 ;; ps) echo '${container}' ;; esac`,
  podman: `echo 'permission denied' >&2; exit 125`,
  tailscale: `echo '{"BackendState":"Running","TailscaleIPs":["100.77.196.50"],"Self":{"DNSName":"honey.ts.net."}}'`,
};

async function openHost(options: ServerOptions = {}, timeout?: number) {
  const server = await startServer({ programs, ...options });
  const host = connectHost({
    destination: 'honey',
    open: (signal) => server.connect(signal ? { signal } : {}),
    now,
    ...(timeout === undefined ? {} : { timeout }),
  });
  return { server, host };
}

withSsh('a look at a host', () => {
  test('every part, over one connection', async () => {
    const { server, host } = await openHost();
    const missing = server.inside('not/there/yet');
    const state = await host.look({ paths: ['/', missing] });
    expect(state).toMatchObject({
      destination: 'honey',
      local: false,
      address: `ops@127.0.0.1:${server.port}`,
      kernel: { value: { release: release() } },
      load: { value: { one: expect.any(Number), cpus: expect.any(Number) } },
      disks: {
        value: [
          { path: '/', mount: '/' },
          { path: missing, nearest: server.directory },
        ],
      },
      engines: [
        { name: 'docker', version: { value: '28.2.2' } },
        { name: 'podman', version: { failure: { code: 'podman-permission' } } },
      ],
      containers: { value: [{ engine: 'docker', name: 'bazel-remote', state: 'running' }] },
      tailscale: { value: { running: true, addresses: ['100.77.196.50'], saw: 'Running as honey.ts.net' } },
      clockSkew: 0,
    });
    expect(state.ports).toMatchObject({
      value: expect.arrayContaining([expect.objectContaining({ address: '127.0.0.1', port: server.port })]),
    });
    expect(state.latency).toBeGreaterThan(0);
    await host.look({ paths: [] });
    expect(server.logins()).toBe(1);
  });

  test('a clock that is an hour ahead is told', async () => {
    const { host } = await openHost({
      programs: { ...programs, date: 'echo $(( $(/bin/date +%s) + 3600 ))' },
    });
    const { clockSkew = 0 } = await host.look({ paths: [] });
    expect(Math.abs(clockSkew - 3600)).toBeLessThan(2);
  });

  test('what hangs or breaks costs only its own part', async () => {
    const broken = {
      docker: 'exec sleep 60',
      podman: 'exit 0',
      tailscale: 'kill -9 $$',
      ss: 'exit 3',
      df: 'echo "df: stale file handle" >&2; exit 1',
    };
    const { host } = await openHost({ programs: broken }, 1_000);
    expect(await host.look({ paths: [] })).toMatchObject({
      kernel: { value: { release: release() } },
      load: { value: {} },
      ports: { failure: { code: 'command-failed' } },
      disks: { failure: { saw: expect.stringContaining('stale file handle') } },
      engines: [
        { name: 'docker', version: { failure: { code: 'timeout' } } },
        { name: 'podman', version: { failure: { code: 'not-understood' } } },
      ],
      containers: { failure: { code: 'timeout' } },
      tailscale: { failure: { code: 'command-failed' } },
    });
  });

  test('a host that answers every command with the same hostile text', async () => {
    const { host } = await openHost({
      exec: (_command, channel) => {
        channel.write('\u001b]0;owned\u0007\u0000{"BackendState": [] \u202e\n'.repeat(20_000));
        channel.exit(0);
        channel.end();
      },
    });
    const state = await host.look({ paths: [] });
    expect(JSON.stringify(state)).not.toMatch(/\\u001b|\\u0007|\u202e/);
    for (const part of [state.kernel, state.load, state.ports, state.disks, state.tailscale])
      expect(part).toMatchObject({ failure: { code: 'not-understood' } });
  });

  test('a lost connection is made anew by the next look', async () => {
    const { server, host } = await openHost();
    await host.look({ paths: [] });
    server.drop();
    expect(await host.look({ paths: [] })).toMatchObject({
      kernel: { value: { release: release() } },
      tailscale: { value: { running: true } },
    });
    expect(server.logins()).toBe(2);
  });

  test('a host that cannot be connected to throws why, each time anew', async () => {
    let tries = 0;
    const host = connectHost({
      destination: 'honey',
      now,
      open: async () => {
        tries += 1;
        throw new NeedsUser({ tried: 'log in', saw: 'no', next: ['ssh-add'], code: 'auth-failed' });
      },
    });
    await expect(host.look({ paths: [] })).rejects.toMatchObject({ code: 'auth-failed' });
    await expect(host.shell()).rejects.toMatchObject({ code: 'auth-failed' });
    expect(tries).toBe(2);
  });

  test('a look can be aborted', async () => {
    const { host } = await openHost({ exec: () => {} });
    const shell = await host.shell();
    expect(shell.local).toBe(false);
    const stop = new AbortController();
    const looking = host.look({ paths: [] }, stop.signal);
    stop.abort();
    await expect(looking).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('this machine is looked at without SSH', async () => {
    const { server } = await openHost();
    const { gate, activity } = server;
    const host = connectHost({
      destination: 'localhost',
      open: () =>
        openShell({ destination: 'localhost', configFile: server.inside('config'), gate, activity }),
      now,
    });
    expect(await host.look({ paths: [] })).toMatchObject({
      local: true,
      kernel: { value: { release: release() } },
      disks: { value: [{ mount: '/' }] },
      clockSkew: 0,
    });
  });
});
