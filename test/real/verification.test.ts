import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connectHost } from '../../source/services/host/connectHost.ts';
import { openShell } from '../../source/services/ssh/openShell.ts';
import type { Workspace } from '../../source/services/workspace.ts';
import type { Known } from '../../source/tasks/task.ts';
import type { VerifyEvent } from '../../source/tasks/verification/model.ts';
import { findVerification, runVerification } from '../../source/tasks/verification/run.ts';
import { type EngineWorld, engineWorld } from '../tasks/engine/world.ts';
import { openRealSsh } from './sshServer.ts';

const ssh = openRealSsh();
afterAll(() => ssh?.remove());

/** Verification commands on a host behind a real sshd, in a folder whose name a shell would take apart. */
describe.skipIf(!ssh)('on a host', () => {
  let world: EngineWorld;
  let workspace: Workspace;
  let count = 0;
  let base: string;
  let folder: string;
  let bin: string;
  let close = (): void => {};
  beforeEach(async () => {
    if (!ssh) throw new Error('no sshd');
    vi.stubEnv('SSH_AUTH_SOCK', undefined);
    world = engineWorld({ '.bazelrc': '' });
    base = mkdtempSync(join(tmpdir(), 'huskycat-away-'));
    folder = join(base, `it's "$HOME" here`);
    bin = join(base, 'bin');
    for (const path of [folder, bin]) mkdirSync(path);
    const server = await ssh.start(`honey${count++}`, `SetEnv PATH=${bin}:/usr/bin:/bin`);
    ssh.write('known_hosts', `${server.known}\n`);
    ssh.write('config', '');
    const { gate, activity } = world.workspace;
    const access = {
      port: server.port,
      user: ssh.user,
      identityFile: ssh.inside('id'),
      knownHosts: ssh.inside('known_hosts'),
      configFile: ssh.inside('config'),
    };
    const host = connectHost({
      destination: '127.0.0.1',
      now: Date.now,
      open: (signal) =>
        openShell({ destination: '127.0.0.1', gate, activity, ...access, ...(signal ? { signal } : {}) }),
    });
    close = () => {
      host.close();
      server.stop();
    };
    workspace = { ...world.workspace, honey: { service: host } };
  });
  afterEach(() => {
    close();
    vi.unstubAllEnvs();
    world.remove();
    rmSync(base, { recursive: true, force: true });
  });

  const known = { now: new Date().toISOString() } as unknown as Known;
  const begin = (name: string, signal?: AbortSignal) =>
    runVerification(findVerification(name), {
      workspace,
      known,
      place: 'honey',
      folder,
      timeout: 20,
      isAgain: false,
      ...(signal ? { signal } : {}),
    });
  async function verify(name: string) {
    const run = begin(name);
    const events: VerifyEvent[] = [];
    let next = await run.next();
    for (; !next.done; next = await run.next()) events.push(next.value);
    return { ...next.value, events };
  }

  test('the size of the cache is that of the folder named', async () => {
    expect(await verify('disk-cache')).toMatchObject({ state: 'failed', rung: 'absent' });
    mkdirSync(join(folder, '.cache/bazel'), { recursive: true });
    writeFileSync(join(folder, '.cache/bazel/blob'), Buffer.alloc(100_000, 'x'));
    const size = await verify('disk-cache');
    expect(size).toMatchObject({ state: 'passed', rung: 'valid', place: 'honey' });
    expect(size.numbers.bytes).toBeGreaterThan(100_000);
  });

  test('a program that the host has not, and a folder that it has not, are said', async () => {
    const missing = await verify('bazel-twice');
    expect(missing.because).toMatch(/run bazel on .+@127\.0\.0\.1:\d+: bazel is not installed there/);
    rmSync(folder, { recursive: true });
    expect((await verify('disk-cache')).state).not.toBe('passed');
  });

  test('a stop ends the build there', async () => {
    writeFileSync(join(bin, 'nix'), '#!/bin/sh\necho $$ > pid\necho begun >&2\nsleep 30\n');
    chmodSync(join(bin, 'nix'), 0o755);
    const stop = new AbortController();
    const run = begin('nix-build', stop.signal);
    const following = (async () => {
      for (let next = await run.next(); !next.done; next = await run.next())
        if (next.value.state === 'output') stop.abort(new DOMException('stopped', 'AbortError'));
    })();
    await expect(following).rejects.toThrow('stopped');
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), 10_000);
  });
});
