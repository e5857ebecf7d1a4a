import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAbort } from '../../../source/core/failure.ts';
import { createToolchain } from '../../../source/services/toolchain/toolchain.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toolchain-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program in a folder of PATH; `$@` is what it is asked. */
function program(name: string, script: string, mode = 0o755): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, mode);
  return file;
}

async function versionOf(name: string, script: string) {
  program(name, script);
  const tools = await createToolchain({ path: folder }).look();
  return tools.find((tool) => tool.name === name)?.version;
}

test.each([
  ['nix', "echo 'nix (Nix) 2.8.0'", '2.8.0'],
  ['nix', "echo 'nix (Lix, like Nix) 2.91.1'", '2.91.1'],
  ['bazel', "echo 'bazel no_version'", 'bazel no_version'],
  ['bazel', "echo 'bazel 9.0.0-pre.20260101.1'", '9.0.0-pre.20260101.1'],
  [
    'bazel',
    "echo 'WARNING: Option -Xverify:none deprecated in JDK 13' >&2; echo 'bazel 4.2.3- (@non-git)'",
    '4.2.3-',
  ],
  ['docker', "echo 'Docker version 20.10.24+dfsg1, build 297e128'", '20.10.24+dfsg1'],
  ['podman', "echo 'podman version 4.3.1'", '4.3.1'],
  ['kubectl', "echo 'Client Version: v1.31.2'; echo 'Kustomize Version: v5.4.2'", '1.31.2'],
  [
    'kubectl',
    `echo 'Client Version: version.Info{Major:"1", Minor:"20", GitVersion:"v1.20.2", GitCommit:"faecb196"}'`,
    '1.20.2',
  ],
  ['glab', "echo 'glab 1.50.0 (2024-11-22)'", '1.50.0'],
  ['git', "echo 'git version 2.39.5 (Apple Git-154)'", '2.39.5'],
  ['ssh', "echo 'OpenSSH_9.2p1 Debian-2+deb12u7, OpenSSL 3.0.17 1 Jul 2025' >&2", '9.2p1'],
  [
    'tailscale',
    "printf '1.76.1\\n  tailscale commit: 24929f6b611dcc96ea2ffea8ed5f6dd4d2eb1f0e\\n'",
    '1.76.1',
  ],
  ['attic', 'true', 'unknown'],
  ['attic', "printf '\\033[31mattic 0.1.0\\033]0;x\\007\\n'", '0.1.0'],
])('%s: %s', async (name, script, version) => {
  expect(await versionOf(name, script)).toEqual({ value: version });
});

test('a program that fails, hangs, floods or cannot be started is a failure of its own', async () => {
  program('nix', 'echo broken >&2; exit 3');
  program('bazel', 'sleep 60');
  program('docker', 'yes docker 1.2.3');
  writeFileSync(join(folder, 'git'), '#!/nowhere/sh\n', { mode: 0o755 });
  program('ssh', "echo 'OpenSSH_9.2p1' >&2");
  const tools = await createToolchain({ path: folder, timeout: 400 }).look();
  const version = (name: string) => tools.find((tool) => tool.name === name)?.version;
  expect(version('nix')).toMatchObject({ failure: { code: 'no-version', saw: 'ended with 3: broken' } });
  expect(version('bazel')).toMatchObject({ failure: { kind: 'unavailable', code: 'timeout' } });
  expect(version('docker')).toMatchObject({ failure: { code: 'timeout' } });
  expect(version('git')).toHaveProperty('failure');
  expect(version('ssh')).toEqual({ value: '9.2p1' });
});

test('what is no executable file is not there, and the first of PATH is taken', async () => {
  mkdirSync(join(folder, 'nix'));
  program('git', 'echo 1.0', 0o644);
  const second = join(folder, 'second');
  mkdirSync(second);
  writeFileSync(join(second, 'ssh'), '#!/bin/sh\necho 2.0\n', { mode: 0o755 });
  const first = program('ssh', 'echo 1.0');
  const tools = await createToolchain({ path: `.:relative::${folder}:${second}` }).look();
  expect(tools.map(({ name }) => name)).toEqual([
    'nix',
    'bazel',
    'docker',
    'podman',
    'kubectl',
    'attic',
    'glab',
    'git',
    'ssh',
    'tailscale',
  ]);
  expect(tools.filter(({ path }) => path !== undefined)).toEqual([
    { name: 'ssh', path: first, version: { value: '1.0' } },
  ]);
});

test('only harmless questions are asked, away from the project, with no way out over HTTP', async () => {
  const names = ['nix', 'bazel', 'docker', 'podman', 'kubectl', 'attic', 'glab', 'git', 'ssh', 'tailscale'];
  for (const name of names)
    program(
      name,
      `echo "$@ $PWD $HTTPS_PROXY $https_proxy [$NO_PROXY]" > ${folder}/${name}.asked; echo 1.0; cat`,
    );
  const tools = await createToolchain({ path: `${folder}:/bin:/usr/bin` }).look();
  expect(tools.every(({ version }) => version && 'value' in version)).toBe(true);
  const asked = names.map((name) => readFileSync(join(folder, `${name}.asked`), 'utf8').trim());
  const proxy = 'http://127.0.0.1:9';
  expect(asked).toEqual(
    [
      '--version',
      '--version',
      '--version',
      '--version',
      'version --client',
      '--version',
      '--version',
      '--version',
      '-V',
      'version',
    ].map((words) => `${words} / ${proxy} ${proxy} []`),
  );
});

test('they are asked at the same time: each waits until all have begun', async () => {
  const waiting: (() => void)[] = [];
  const server = createServer((_request, response) => {
    waiting.push(() => response.end('ok'));
    if (waiting.length === 3) for (const go of waiting) go();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const ask = `exec ${process.execPath} -e "fetch('http://127.0.0.1:${port}').then(() => console.log('1.0'))"`;
  for (const name of ['nix', 'git', 'ssh']) program(name, ask);
  const tools = await createToolchain({ path: folder, timeout: 20_000 }).look();
  server.close();
  expect(tools.filter(({ version }) => version && 'value' in version)).toHaveLength(3);
});

test('an abort ends them all', async () => {
  program('nix', 'sleep 60');
  const controller = new AbortController();
  const looking = createToolchain({ path: folder }).look(controller.signal);
  controller.abort();
  expect(await looking.then(() => undefined, isAbort)).toBe(true);
});
