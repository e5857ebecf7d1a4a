import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { showVerifications } from '../../source/cli/verification.ts';
import type { Known } from '../../source/tasks/task.ts';
import { parseDu } from '../../source/tasks/verification/duOutput.ts';
import type { VerifyEvent, VerifyResult } from '../../source/tasks/verification/model.ts';
import { findVerification, runVerification, verifications } from '../../source/tasks/verification/run.ts';
import { type EngineWorld, engineWorld } from './engine/world.ts';

let world: EngineWorld;
let bin: string;
beforeEach(() => {
  world = engineWorld({ 'flake.nix': '{}\n', '.bazelrc': 'build --disk_cache=.cache/bazel\n' });
  bin = mkdtempSync(join(tmpdir(), 'huskycat-bin-'));
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  world.remove();
  rmSync(bin, { recursive: true, force: true });
});

/** A program on PATH. */
function program(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

const known = { now: new Date().toISOString(), signingJobs: { state: 'off' } } as unknown as Known;

async function verify(name: string, more: { signal?: AbortSignal; timeout?: number } = {}) {
  const run = runVerification(findVerification(name), {
    workspace: world.workspace,
    known,
    place: 'here',
    timeout: 30,
    isAgain: false,
    ...more,
  });
  const events: VerifyEvent[] = [];
  let next = await run.next();
  for (; !next.done; next = await run.next()) events.push(next.value);
  return { ...next.value, events };
}

const saw = ({ evidence }: VerifyResult): string => evidence.map((one) => one.saw).join('\n');

test('nix: the paths that were copied are counted by the cache that gave them', async () => {
  program(
    'nix',
    `mkdir -p result/bin; printf '#!/bin/sh\\necho huskycat 2.0.0\\n' > result/bin/huskycat; chmod 755 result/bin/huskycat
cat >&2 <<'E'
these 2 derivations will be built:
  /nix/store/aaaa-huskycat.drv
these 3 paths will be fetched (1.2 MiB download, 5.0 MiB unpacked):
copying path '/nix/store/bbbb-python' from 'https://nix-cache.example.dev/main'...
copying path '/nix/store/cccc-glibc' from 'https://cache.nixos.org'...
copying path '/nix/store/dddd-zlib' from 'https://cache.nixos.org'...
building '/nix/store/aaaa-huskycat.drv'...
huskycat> Building huskycat
E`,
  );
  const result = await verify('nix-build');
  expect(result).toMatchObject({
    state: 'passed',
    rung: 'proven',
    numbers: { copied: 3, built: 1, ignored: 0 },
  });
  expect(saw(result)).toContain('1 path copied from https://nix-cache.example.dev/main');
  expect(saw(result)).toContain('2 paths copied from https://cache.nixos.org');
  expect(saw(result)).toContain('huskycat 2.0.0');
});

test('nix: a build that found everything in the store says nothing of the cache', async () => {
  program('nix', 'exit 0');
  const result = await verify('nix-build');
  expect(result).toMatchObject({ state: 'passed', rung: 'valid' });
  expect(saw(result)).toContain('shows nothing of the cache');
});

test('nix: a failed build is a failure, with its error', async () => {
  program('nix', `echo "error: flake has no default package" >&2; exit 1`);
  const result = await verify('nix-build');
  expect(result).toMatchObject({ state: 'failed', rung: 'present' });
  expect(saw(result)).toContain('flake has no default package');
});

test('bazel: builds twice with a clean before each, and counts what the second took from each cache', async () => {
  program(
    'bazel',
    `echo "$*" >> calls
case $1 in build) if [ -e built ]; then echo 'INFO: 11 processes: 6 remote cache hit, 2 disk cache hit, 3 internal.' >&2
else touch built; echo 'INFO: 11 processes: 3 internal, 8 linux-sandbox.' >&2; fi;; esac`,
  );
  const result = await verify('bazel-twice');
  expect(result).toMatchObject({
    state: 'passed',
    rung: 'proven',
    numbers: { actions: 8, remoteHits: 6, diskHits: 2 },
  });
  expect(saw(result)).toBe(
    '8 of 8 actions from a cache (6 remote, 2 disk)\n0 of 8 actions from a cache (0 remote, 0 disk)',
  );
  const { entries } = await world.workspace.journal.read();
  const titles = entries.filter(({ state }) => state === 'intent').map(({ write }) => write.title);
  expect(titles).toEqual([
    'Run bazel clean, then bazel build //..., then bazel clean, then bazel build //...',
  ]);
});

test('bazel: caches that give nothing to the second build are a failure', async () => {
  program('bazel', `[ "$1" = clean ] || echo 'INFO: 9 processes: 1 internal, 8 linux-sandbox.' >&2`);
  expect(await verify('bazel-twice')).toMatchObject({
    state: 'failed',
    rung: 'present',
    numbers: { actions: 8 },
  });
});

test('bazel: what it says at the end counts, in color and after more output than is kept', async () => {
  program(
    'bazel',
    `[ "$1" = clean ] && exit 0
yes "$(printf %0200d 0)" | head -n 100000 >&2
printf '\\033[32mINFO: \\033[0m8 processes: 3 disk cache hit, 3 internal, 2 worker.\\r\\n' >&2`,
  );
  expect(await verify('bazel-twice')).toMatchObject({ rung: 'proven', numbers: { actions: 5, diskHits: 3 } });
});

test('bazel: a build that fails says why, also in color, or which signal ended it', async () => {
  const failing = "printf '\\033[31mERROR: \\033[0mbad rule\\nlast words' >&2; exit 1";
  program('bazel', `[ "$1" = clean ] && exit 0; ${failing}`);
  expect(saw(await verify('bazel-twice'))).toBe('exit status 1: ERROR: bad rule');
  program('bazel', '[ "$1" = clean ] && exit 0; kill -9 $$');
  const killed = await verify('bazel-twice');
  expect(killed).toMatchObject({ state: 'failed' });
  expect(saw(killed)).toBe('ended by SIGKILL');
});

test('nix: paths whose signature is not trusted are counted as every version says it; what failed was not built', async () => {
  program(
    'nix',
    `cat >&2 <<'E'
warning: the substitute for '/nix/store/aaaa-a' from 'http://127.0.0.1/main' is not signed by any of the keys in 'trusted-public-keys'
warning: ignoring substitute for '/nix/store/bbbb-b' from 'http://127.0.0.1/main', as it's not signed by any of the keys in 'trusted-public-keys'
building '/nix/store/aaaa-a.drv'...
building '/nix/store/bbbb-b.drv'...
error: builder for '/nix/store/bbbb-b.drv' failed with exit code 3
E
exit 1`,
  );
  const result = await verify('nix-build');
  expect(result).toMatchObject({ state: 'failed', numbers: { ignored: 2, built: 1 } });
  expect(saw(result)).toContain('2 paths passed over, since the signature is not trusted');
});

test.each([
  ['$ du -sh .cache/bazel\n1.2G\t.cache/bazel\n', 1.2 * 1024 ** 3],
  ['$ du -sh .cache/bazel\n1,5M\t.cache/bazel\n', 1.5 * 1024 ** 2],
  ['$ du -sk .cache/bazel\n2048\t.cache/bazel\n', 2 * 1024 ** 2],
  ['$ du -s .cache/bazel\n2048\t.cache/bazel\n', 2 * 1024 ** 2],
  ['$ du -sb .cache/bazel\n2048\t.cache/bazel\n', 2048],
  ['$ du -s -m .cache/bazel\n3\t.cache/bazel\n', 3 * 1024 ** 2],
  ['$ du -sh .cache/bazel\ndu: cannot access .cache/bazel\n', undefined],
])('%j tells the size that du meant', (log, size) => {
  expect(parseDu(log)).toBe(size);
});

test('the disk cache is measured as it lies there; without one that is said', async () => {
  expect(await verify('disk-cache')).toMatchObject({ state: 'failed', rung: 'absent' });
  mkdirSync(join(world.root, '.cache/bazel'), { recursive: true });
  writeFileSync(join(world.root, '.cache/bazel/blob'), Buffer.alloc(300_000, 'x'));
  const result = await verify('disk-cache');
  expect(result).toMatchObject({ state: 'passed', rung: 'valid' });
  expect(result.numbers.bytes).toBeGreaterThan(300_000);
  expect(result.numbers.bytes).toBeLessThan(400_000);
});

test('output comes while the program runs, by whole lines', async () => {
  program('nix', `echo one >&2; while [ ! -e go ]; do sleep 0.02; done; echo two >&2`);
  const run = runVerification(findVerification('nix-build'), {
    workspace: world.workspace,
    known,
    place: 'here',
    timeout: 30,
    isAgain: false,
  });
  const seen: VerifyEvent[] = [];
  for (let next = await run.next(); !next.done; next = await run.next()) {
    seen.push(next.value);
    if (next.value.state === 'output') writeFileSync(join(world.root, 'go'), '');
  }
  expect(seen.map((event) => (event.state === 'output' ? event.text : event.state))).toEqual([
    'started',
    'one\n',
    'two\n',
  ]);
});

test('a stop ends the program and what it started', async () => {
  program('nix', 'echo $$ > pid; echo started >&2; sleep 60');
  const stop = new AbortController();
  const run = runVerification(findVerification('nix-build'), {
    workspace: world.workspace,
    known,
    place: 'here',
    timeout: 30,
    isAgain: false,
    signal: stop.signal,
  });
  await expect(
    (async () => {
      for (let next = await run.next(); !next.done; next = await run.next())
        if (next.value.state === 'output') stop.abort(new DOMException('stopped', 'AbortError'));
    })(),
  ).rejects.toThrow('stopped');
  const pid = Number(readFileSync(join(world.root, 'pid'), 'utf8'));
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), 10_000);
});

test('a program that is not there, that takes too long, or that may not run: could not run, and why', async () => {
  program('nix', 'sleep 60');
  const late = await verify('nix-build', { timeout: 1 });
  expect(late).toMatchObject({ state: 'could-not-run', rung: 'unknown' });
  expect(late.because).toContain('no end after 1 s');
  world.workspace.gate.disarm();
  expect((await verify('nix-build')).because).toContain('read-only');
  world.workspace.gate.arm();
  vi.stubEnv('PATH', mkdtempSync(join(bin, 'empty-')));
  const missing = await verify('bazel-twice');
  expect(missing).toMatchObject({ state: 'could-not-run' });
  expect(missing.because).toContain('bazel is not installed');
  expect(missing.next?.length).toBeGreaterThan(0);
});

test('without GitLab or honey each says what to set', async () => {
  for (const { name, places } of verifications) {
    const place = places.includes('honey') ? 'honey' : 'ci';
    const options = { workspace: world.workspace, known, place, timeout: 5, isAgain: false } as const;
    const run = runVerification(findVerification(name), options);
    let next = await run.next();
    while (!next.done) next = await run.next();
    expect(next.value.state).toBe('could-not-run');
    expect(next.value.next?.length).toBeGreaterThan(0);
  }
});

test('the exit status: 1 when one failed, 2 when none could run, else 0', () => {
  const io = { stdout: () => {}, stderr: () => {} };
  const base = { name: 'a', title: 'A', place: 'here', rung: 'unknown', evidence: [], numbers: {} } as const;
  const status = (...states: VerifyResult['state'][]) =>
    showVerifications(
      states.map((state) => ({ ...base, state })),
      { json: false, now: known.now },
      io,
    );
  expect([status('passed', 'could-not-run'), status('passed', 'failed'), status('could-not-run')]).toEqual([
    0, 1, 2,
  ]);
});

test('what programs print reaches the terminal as text', () => {
  const printed: string[] = [];
  const io = { stdout: (more: string) => void printed.push(more), stderr: () => {} };
  const evil = 'a\u001b[2Jb';
  const result: VerifyResult = {
    name: 'nix-build',
    title: 'Nix',
    place: 'here',
    state: 'failed',
    rung: 'present',
    evidence: [{ at: known.now, source: 's', saw: evil }],
    numbers: {},
  };
  showVerifications([result], { json: false, now: known.now }, io);
  expect(printed.join('')).not.toContain('\u001b');
});
