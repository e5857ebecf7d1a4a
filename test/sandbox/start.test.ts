import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NeedsUser } from '../../source/core/failure.ts';
import { startSandbox } from '../../source/sandbox/start.ts';
import type { Sandbox } from '../../source/sandbox/types.ts';

/** Temporary files of this test alone: others start sandboxes too. */
const temporary = mkdtempSync(join(tmpdir(), 'huskycat-start-'));
const before = process.env.TMPDIR;
let sandbox: Sandbox;
beforeAll(async () => {
  process.env.TMPDIR = temporary;
  sandbox = await startSandbox({ speed: 600 });
});
afterAll(async () => {
  await sandbox.stop();
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  rmSync(temporary, { recursive: true, force: true });
});

/** True when nothing listens there any more. */
async function isClosed(url: string): Promise<boolean> {
  return fetch(url).then(
    () => false,
    () => true,
  );
}

test('all of it answers', async () => {
  const { gitlab, attic, bazelRemote } = sandbox.addresses;
  const project = await fetch(`${gitlab.url}/api/v4/projects/${encodeURIComponent(gitlab.project)}`, {
    headers: { 'PRIVATE-TOKEN': gitlab.readOnlyToken },
  });
  expect([project.status, await project.json()]).toMatchObject([
    200,
    { path_with_namespace: gitlab.project },
  ]);
  const config = await fetch(`${attic.url}/_api/v1/cache-config/${attic.cache}`);
  expect(await config.json()).toMatchObject({ public_key: attic.publicKey, is_public: true });
  expect((await fetch(`${bazelRemote.http}/status`)).status).toBe(200);
});

test('what is secret in its folder is for its owner alone', () => {
  const { honey, checkout } = sandbox.addresses;
  expect(statSync(honey.identityFile).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(checkout)).mode & 0o777).toBe(0o700);
  expect(readFileSync(honey.knownHosts, 'utf8')).toMatch(
    new RegExp(`^\\[127\\.0\\.0\\.1\\]:${honey.port} ssh-ed25519 \\S+\n$`),
  );
});

test('the checkout has its origin at the GitLab', () => {
  const { checkout, gitlab } = sandbox.addresses;
  expect(existsSync(join(checkout, '.gitlab-ci.yml'))).toBe(true);
  expect(readFileSync(join(checkout, '.git/config'), 'utf8')).toContain(
    `${gitlab.url}/${gitlab.project}.git`,
  );
});

describe('stopping', () => {
  test('ends every server and leaves no file, also when asked twice', async () => {
    const other = await startSandbox();
    const { gitlab, attic, bazelRemote, checkout } = other.addresses;
    await Promise.all([other.stop(), other.stop()]);
    expect(existsSync(dirname(checkout))).toBe(false);
    for (const url of [gitlab.url, attic.url, bazelRemote.http]) expect(await isClosed(url)).toBe(true);
  });

  test('a process that just exits leaves no file', async () => {
    const start = JSON.stringify(join(import.meta.dirname, '../../source/sandbox/start.ts'));
    const code = `const { startSandbox } = await import(${start});
      const { addresses } = await startSandbox();
      console.log(addresses.checkout);
      process.exit(0);`;
    const checkout = await new Promise<string>((resolve, reject) => {
      const child = spawn(process.execPath, [
        '--experimental-strip-types',
        '--input-type=module',
        '-e',
        code,
      ]);
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      child.on('error', reject);
      child.on('close', () => resolve(said.trim()));
    });
    expect(checkout).toMatch(/huskycat$/);
    expect(existsSync(dirname(checkout))).toBe(false);
  });
});

describe('ports', () => {
  /** A program that holds one port; its number, and how to end it. */
  async function hold(port = 0): Promise<{ port: number; stop: () => Promise<void> }> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve());
    });
    const address = server.address();
    return {
      port: typeof address === 'object' && address ? address.port : 0,
      stop: () => new Promise((resolve) => server.close(() => resolve())),
    };
  }

  test.each([
    ['gitlab', 0],
    ['attic', 1],
    ['bazel-remote', 2],
    ['bazel-remote', 3],
    ['honey', 4],
  ])('a taken one of %s (%d) is said, and nothing stays', async (part, offset) => {
    const first = await freeRun();
    const taken = await hold(first + offset);
    const folders = readdirSync(temporary);
    const failure = await startSandbox({ portBase: first }).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(NeedsUser);
    expect(failure).toMatchObject({
      code: 'port-taken',
      tried: expect.stringContaining(part),
      saw: `port ${taken.port} of 127.0.0.1 is taken by another program`,
    });
    expect(readdirSync(temporary)).toEqual(folders);
    for (let port = first; port < first + 5; port++) if (port !== taken.port) await (await hold(port)).stop();
    await taken.stop();
  });

  test('are the five from the base on', async () => {
    const first = await freeRun();
    const other = await startSandbox({ portBase: first });
    const { gitlab, attic, bazelRemote, honey } = other.addresses;
    expect([gitlab.url, attic.url, bazelRemote.http, bazelRemote.grpc, honey.port]).toEqual([
      `http://127.0.0.1:${first}`,
      `http://127.0.0.1:${first + 1}`,
      `http://127.0.0.1:${first + 2}`,
      `grpc://127.0.0.1:${first + 3}`,
      first + 4,
    ]);
    await other.stop();
  });

  test.each([0, 65_534, 1.5])('%d is no base', async (portBase) => {
    await expect(startSandbox({ portBase })).rejects.toMatchObject({ code: 'bad-port' });
  });

  /** The first of five free ports in a row, below those that the system gives out by itself. */
  async function freeRun(): Promise<number> {
    for (;;) {
      const port = 20_000 + Math.floor(Math.random() * 10_000);
      const held = await Promise.all(
        [0, 1, 2, 3, 4].map((offset) => hold(port + offset).catch(() => undefined)),
      );
      for (const one of held) await one?.stop();
      if (held.every((one) => one !== undefined)) return port;
    }
  }
});
