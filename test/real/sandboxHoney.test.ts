import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSandbox } from '../../source/sandbox/start.ts';
import type { Sandbox } from '../../source/sandbox/types.ts';
import { needsProgram } from './require.ts';

const ssh = needsProgram('ssh');
const curl = needsProgram('curl');
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(
  program: string,
  args: readonly string[],
  input: string | undefined,
): [ChildProcess, Promise<Result>] {
  const child = spawn(program, args);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  if (input !== undefined) child.stdin.end(input);
  const result = new Promise<Result>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return [child, result];
}

function sshArguments(knownHosts = sandbox.addresses.honey.knownHosts): string[] {
  const { host, port, user, identityFile } = sandbox.addresses.honey;
  const options = ['BatchMode=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${knownHosts}`];
  const more = options.flatMap((option) => ['-o', option]);
  return ['-F', '/dev/null', ...more, '-i', identityFile, '-p', String(port), `${user}@${host}`];
}

function onHoney(command: readonly string[], input = ''): Promise<Result> {
  return start('ssh', [...sshArguments(), ...command], input)[1];
}

describe.skipIf(!ssh)('OpenSSH', () => {
  test('logs in, runs commands and hands back their status', async () => {
    expect(await onHoney(['uname', '-a'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Linux honey /),
    });
    expect(await onHoney(['exit 7'])).toMatchObject({ code: 7 });
    expect(await onHoney(['nosuch'])).toMatchObject({
      code: 127,
      stderr: expect.stringContaining('not found'),
    });
    expect(await onHoney(['cat'], 'text\n')).toMatchObject({ code: 0, stdout: 'text\n' });
    expect(await onHoney([], 'cd /\npwd\nexit 3\n')).toMatchObject({ code: 3, stdout: '/\n' });
  });

  test('refuses a host whose key it does not know', async () => {
    const [, result] = start('ssh', [...sshArguments('/dev/null'), 'true'], '');
    expect(await result).toMatchObject({
      code: 255,
      stderr: expect.stringContaining('Host key verification failed'),
    });
  });

  test('has a terminal: prompt, echo, Ctrl-C, Ctrl-D', async () => {
    const [child, result] = start('ssh', ['-tt', ...sshArguments()], undefined);
    const keys: [string, string][] = [
      ['$ ', 'echo one two\r'],
      ['\none two\r\n', 'sleep 600\r'],
      ['sleep 600\r\n', '\u0003'],
      ['^C\r\n[ops@honey ~]$ ', '\u0004'],
    ];
    let text = '';
    child.stdout?.on('data', (more: string) => {
      text += more;
      const [wanted, answer] = keys[0] ?? [];
      if (wanted === undefined || !text.includes(wanted)) return;
      text = '';
      keys.shift();
      child.stdin?.write(answer ?? '');
    });
    expect(await result).toMatchObject({ stdout: expect.stringMatching(/logout\r\n$/) });
    expect(keys).toEqual([]);
  });

  test('deploys a bazel-remote that answers from outside', async () => {
    const run =
      'docker run -d --name cache -v cache:/data -p 127.0.0.1::8080 -p 127.0.0.1::9092 -e BAZEL_REMOTE_MAX_SIZE=5 buchgr/bazel-remote-cache:v2.6.2';
    expect(await onHoney([run])).toMatchObject({ code: 0 });
    const { stdout } = await onHoney(['docker port cache']);
    const [, port] = /8080\/tcp -> 127\.0\.0\.1:(\d+)/.exec(stdout) ?? [];
    expect(await onHoney([`curl -fsS http://localhost:${port}/status`])).toMatchObject({ code: 0 });
    expect(await (await fetch(`http://127.0.0.1:${port}/status`)).json()).toMatchObject({
      GitTags: 'v2.6.2',
    });
    expect(await onHoney(['docker rm -f cache'])).toMatchObject({ code: 0, stdout: 'cache\n' });
  });
});

describe.skipIf(!curl)('curl', () => {
  const ask = (...args: string[]): Promise<Result> => start('curl', ['-sS', '-m', '10', ...args], '')[1];

  test('reads every server', async () => {
    const { gitlab, attic, bazelRemote } = sandbox.addresses;
    const token = ['-H', `PRIVATE-TOKEN: ${gitlab.readOnlyToken}`];
    const project = await ask(
      ...token,
      `${gitlab.url}/api/v4/projects/${encodeURIComponent(gitlab.project)}`,
    );
    expect(JSON.parse(project.stdout)).toMatchObject({ path_with_namespace: gitlab.project });
    const info = await ask('-i', `${attic.url}/${attic.cache}/nix-cache-info`);
    expect(info.stdout).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(info.stdout).toMatch(/\r\n\r\nWantMassQuery: 1\nStoreDir: \/nix\/store\nPriority: 41\n$/);
    expect((await ask('-I', `${bazelRemote.http}/status`)).stdout).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect((await ask(`${bazelRemote.http}/metrics`)).stdout).toContain('\nprocess_start_time_seconds ');
  });

  test('speaks gRPC, and not HTTP/1.1, with the gRPC port', async () => {
    const url = sandbox.addresses.bazelRemote.grpc.replace('grpc:', 'http:');
    const crossed = await ask(`${url}/status`);
    expect(crossed.code).not.toBe(0);
    const health = [
      '--http2-prior-knowledge',
      '-X',
      'POST',
      '-H',
      'content-type: application/grpc',
      '-H',
      'te: trailers',
    ];
    const [child, result] = start(
      'curl',
      [
        '-sS',
        '-m',
        '10',
        '-D',
        '-',
        '-o',
        '/dev/null',
        ...health,
        '--data-binary',
        '@-',
        `${url}/grpc.health.v1.Health/Check`,
      ],
      undefined,
    );
    child.stdin?.end(Buffer.alloc(5));
    expect((await result).stdout).toMatch(/^HTTP\/2 200[\s\S]*grpc-status: 0/);
  });
});
