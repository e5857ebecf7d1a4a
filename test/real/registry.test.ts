import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createActivity } from '../../source/services/activity.ts';
import { createTransport } from '../../source/services/http/transport.ts';
import { connectRegistry } from '../../source/services/registry/connect.ts';
import { needsProgram } from './require.ts';

const program = needsProgram('docker-registry');
const activity = createActivity({ now: Date.now, redact: (text) => text });
const transport = createTransport({ activity, redact: (text) => text });
const registry = connectRegistry({ transport });

const folder = mkdtempSync(join(tmpdir(), 'huskycat-registry-'));
let host = '';
let child: ChildProcess | undefined;

beforeAll(async () => {
  if (program === undefined) return;
  host = `127.0.0.1:${await freePort()}`;
  const configuration = join(folder, 'config.yml');
  writeFileSync(
    configuration,
    `version: 0.1\nstorage: {filesystem: {rootdirectory: ${folder}/data}}\nhttp: {addr: '${host}'}\n`,
  );
  const started = spawn(program, ['serve', configuration], { stdio: 'ignore' });
  child = started;
  const answers = () =>
    fetch(`http://${host}/v2/`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await answers())) {
    if (started.exitCode !== null) throw new Error(`docker-registry ended with ${started.exitCode}`);
    await wait(20);
  }
});

afterAll(async () => {
  const ended = child && new Promise((resolve) => child?.on('close', resolve));
  child?.kill('SIGKILL');
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const mediaType = 'application/vnd.oci.image.manifest.v1+json';

/** Pushes an image without layers under a tag; gives its manifest. */
async function push(repository: string, tag: string): Promise<string> {
  const base = `http://${host}/v2/${repository}`;
  const config = '{}';
  const begun = await fetch(`${base}/blobs/uploads/`, { method: 'POST' });
  const upload = new URL(begun.headers.get('location') ?? '', base);
  upload.searchParams.set('digest', digestOf(config));
  expect((await fetch(upload, { method: 'PUT', body: config })).status).toBe(201);
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType,
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: digestOf(config),
      size: config.length,
    },
    layers: [],
    annotations: { tag },
  });
  const headers = { 'content-type': mediaType };
  const put = await fetch(`${base}/manifests/${tag}`, { method: 'PUT', headers, body: manifest });
  expect(put.status).toBe(201);
  return manifest;
}

describe.skipIf(program === undefined)('a real registry', () => {
  test('tags, and what a tag and a digest resolve to', async () => {
    const repository = 'tinyland/ai/huskycat';
    const manifest = await push(repository, 'v1-amd64');
    await push(repository, 'latest');
    expect(await registry.tags(`${host}/${repository}`)).toEqual(['latest', 'v1-amd64']);
    const value = { digest: digestOf(manifest), mediaType, size: manifest.length };
    expect(await registry.resolve(`${host}/${repository}:v1-amd64`)).toEqual({ value });
    expect(await registry.resolve(`${host}/${repository}@${value.digest}`)).toEqual({ value });
  });

  test('what is not there', async () => {
    const failure = { kind: 'needs-user', code: 'no-such-image' };
    expect(await registry.resolve(`${host}/tinyland/nothing:v1`)).toMatchObject({ failure });
    await expect(registry.tags(`${host}/tinyland/nothing`)).rejects.toMatchObject(failure);
  });
});
