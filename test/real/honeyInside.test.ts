import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { connectHost } from '../../source/services/host/connectHost.ts';
import type { Host } from '../../source/services/host/types.ts';
import { openShell, type ShellOptions } from '../../source/services/ssh/openShell.ts';
import { openWorld } from '../promises/world.ts';

interface Honey {
  readonly ssh: {
    readonly config: string;
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly identityFile: string;
    readonly knownHosts: string;
  };
  readonly dockerHost: string;
  readonly image: string;
  readonly tailnetAddress: string;
  readonly data: string;
}

const described = process.env.HUSKYCAT_TEST_HONEY_UP;
const name = 'huskycat-look';

/** Run by honey.test.ts, within honey's network namespace. */
describe.skipIf(!described)('honey from inside its network', () => {
  const honey = JSON.parse(described ?? '{}') as Honey;
  const docker = (...args: string[]): string =>
    execFileSync('docker', args, {
      encoding: 'utf8',
      env: { ...process.env, DOCKER_HOST: honey.dockerHost },
    });
  const open = (extra: Partial<ShellOptions> = {}, signal?: AbortSignal) =>
    openShell({
      destination: honey.ssh.host,
      configFile: honey.ssh.config,
      ...openWorld(),
      ...(signal ? { signal } : {}),
      ...extra,
    });
  const openHost = (extra: Partial<ShellOptions> = {}): Host => {
    const host = connectHost({
      destination: extra.destination ?? honey.ssh.host,
      open: (signal) => open(extra, signal),
      now: Date.now,
    });
    onTestFinished(() => host.close());
    return host;
  };

  beforeAll(() => {
    docker('run', '-d', '--name', name, '-p', '127.0.0.1:9092:9092', honey.image, '--max_size', '1');
  });
  afterAll(() => {
    docker('rm', '-f', name);
  });

  test('its docker engine, the container, its port and its disks are seen', async () => {
    const state = await openHost().look({ paths: [honey.data, `${honey.data}/not/there`] });
    expect(state).toMatchObject({
      destination: 'honey',
      local: false,
      address: `${honey.ssh.user}@127.0.0.1:${honey.ssh.port}`,
      kernel: { value: { system: 'Linux', release: release() } },
      engines: expect.arrayContaining([
        { name: 'docker', version: { value: docker('version', '--format', '{{.Server.Version}}').trim() } },
      ]),
      disks: {
        value: [
          { path: '/', mount: '/' },
          { path: honey.data, size: expect.any(Number) },
          { path: `${honey.data}/not/there`, nearest: honey.data },
        ],
      },
      clockSkew: 0,
    });
    expect(state.containers).toMatchObject({
      value: expect.arrayContaining([
        expect.objectContaining({
          engine: 'docker',
          name,
          state: 'running',
          ports: expect.stringContaining('9092'),
        }),
      ]),
    });
    const ports = 'value' in state.ports ? state.ports.value : [];
    expect(ports).toContainEqual(expect.objectContaining({ address: '127.0.0.1', port: 9092 }));
    expect(ports).toContainEqual(expect.objectContaining({ port: honey.ssh.port, process: 'sshd' }));
  });

  test('a container that was stopped is seen as stopped', async () => {
    docker('stop', '-t', '1', name);
    try {
      const { containers } = await openHost().look({ paths: [] });
      expect(containers).toMatchObject({ value: [expect.objectContaining({ name, state: 'exited' })] });
    } finally {
      docker('start', name);
    }
  });

  test('a daemon that is not there is told from one that may not be used', async () => {
    const shell = await open();
    onTestFinished(() => shell.close());
    const host = connectHost({
      destination: 'honey',
      now: Date.now,
      open: async () => ({
        ...shell,
        read: ([program, ...args], options) =>
          shell.read(['env', 'DOCKER_HOST=unix:///nowhere/docker.sock', program, ...args], options),
      }),
    });
    expect((await host.look({ paths: [] })).engines).toEqual(
      expect.arrayContaining([
        {
          name: 'docker',
          version: { failure: expect.objectContaining({ kind: 'unavailable', code: 'docker-down' }) },
        },
      ]),
    );
  });

  test('at its address in the tailnet it is this machine: no SSH is used', async () => {
    const host = openHost({ destination: honey.tailnetAddress });
    const state = await host.look({ paths: [] });
    expect(state).toMatchObject({ local: true, kernel: { value: { release: release() } } });
    expect('value' in state.ports && state.ports.value.some(({ port }) => port === honey.ssh.port)).toBe(
      true,
    );
  });

  test('an unknown key is asked about and saved, so that ssh itself is content', async () => {
    const file = `${honey.ssh.knownHosts}.new`;
    const config = `${honey.ssh.config}.new`;
    writeFileSync(file, '');
    const text = readFileSync(honey.ssh.config, 'utf8');
    writeFileSync(
      config,
      text
        .replace(honey.ssh.knownHosts, file)
        .replace(/StrictHostKeyChecking.*/, 'StrictHostKeyChecking ask'),
    );
    const world = openWorld();
    world.gate.arm();
    const shell = await open({ configFile: config, ask: async () => 'save', ...world });
    onTestFinished(() => shell.close());
    expect((await shell.read(['hostname'])).code).toBe(0);
    const options = ['-F', config, '-o', 'StrictHostKeyChecking=yes', honey.ssh.host];
    expect(
      execFileSync('ssh', [...options, 'echo', 'content'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    ).toBe('content\n');
  });
});
