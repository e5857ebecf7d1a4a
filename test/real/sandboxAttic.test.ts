import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AtticServer, startAttic } from '../../source/sandbox/attic/start.ts';
import { needsProgram } from './require.ts';

const nix = needsProgram('nix');
let attic: AtticServer;
const directories: string[] = [];

beforeAll(async () => {
  attic = await startAttic();
});

afterAll(async () => {
  await attic.stop();
  await run('chmod', ['-R', 'u+w', ...directories]);
  for (const directory of directories) await rm(directory, { recursive: true, force: true });
});

function fresh(): string {
  const directory = mkdtempSync(join(tmpdir(), 'huskycat-nix-'));
  directories.push(directory);
  return directory;
}

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A fresh HOME each time: nix believes what it saw before. */
function run(program: string, args: readonly string[], home = fresh()): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, HOME: home, XDG_CACHE_HOME: join(home, '.cache') },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

function nixRun(args: readonly string[], options: readonly string[] = []): Promise<Result> {
  const fixed = ['--extra-experimental-features', 'nix-command flakes', '--option', 'connect-timeout', '3'];
  return run(nix ?? 'nix', [...args, ...fixed, '--option', 'download-attempts', '1', ...options]);
}

const wrongKey = 'main:PBDvqG8OP3W2XF4QzuqWwZD/RhLRsE7ONxwM09kqTtw=';
const last = (): string => attic.storePaths.at(-1) ?? '';

describe.skipIf(!nix)('nix believes the Attic of the sandbox', () => {
  test('path-info', async () => {
    const { code, stdout } = await nixRun(['path-info', '--store', `${attic.url}/main`, '--json', last()]);
    expect(code).toBe(0);
    const [info] = JSON.parse(stdout);
    expect(info.path).toBe(last());
    expect([...info.references].sort()).toEqual(attic.storePaths.slice(0, -1).sort());
    expect(info.signatures[0]).toMatch(/^main:/);
  });

  test.each([
    ['with contents', []],
    ['signatures only', ['--no-contents']],
  ])('store verify, %s', async (_, more) => {
    const verify = (key: string): Promise<Result> =>
      nixRun(
        [
          'store',
          'verify',
          '--recursive',
          '--sigs-needed',
          '1',
          ...more,
          '--store',
          `${attic.url}/main`,
          last(),
        ],
        ['--option', 'trusted-public-keys', key],
      );
    const good = await verify(attic.publicKey());
    expect([good.code, good.stderr]).toEqual([0, expect.not.stringContaining('untrusted')]);
    const bad = await verify(wrongKey);
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('is untrusted')]);
  });

  test('copy to a store of its own, with the right key only', async () => {
    const copy = (key: string, store: string): Promise<Result> =>
      nixRun(
        ['copy', '--from', `${attic.url}/main`, '--to', store, last()],
        ['--option', 'trusted-public-keys', key],
      );
    const store = fresh();
    expect((await copy(attic.publicKey(), store)).code).toBe(0);
    for (const path of attic.storePaths) expect(existsSync(join(store, path))).toBe(true);
    expect(readFileSync(join(store, last(), 'bin/huskycat'), 'utf8')).toContain(attic.storePaths[0]);
    const refused = await copy(wrongKey, fresh());
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('lacks a valid signature')]);
  });

  test('a private cache is none without a token, and one with a netrc', async () => {
    const home = fresh();
    const netrc = join(home, 'netrc');
    const args = ['path-info', '--store', `${attic.url}/private`, last()];
    const without = await nixRun(args);
    expect([without.code, without.stderr]).toEqual([
      1,
      expect.stringContaining('does not appear to be a binary cache'),
    ]);
    writeFileSync(netrc, `machine 127.0.0.1 password ${attic.token}\n`, { mode: 0o600 });
    const given = await nixRun(args, ['--option', 'netrc-file', netrc]);
    expect([given.code, given.stdout.trim()]).toEqual([0, last()]);
  });
});
