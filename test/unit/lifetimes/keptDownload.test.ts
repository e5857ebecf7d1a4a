import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keptDownload, keptPattern, type Storing } from '../../../source/core/lifetimes/keptDownload.ts';
import { packageOf } from '../../../source/core/lifetimes/packageName.ts';

const run = promisify(execFile);
const token = 'glcbt-64_very-secret';

/** A server that gives originals, and keeps generic packages as GitLab does; reads of packages are sent on to /storage. */
interface World {
  readonly folder: string;
  readonly url: string;
  readonly kept: Map<string, Buffer>;
  /** `GET /path` with `token` where it came along. */
  readonly seen: string[];
  original: Buffer;
  refusesUploads: boolean;
}

let world: World;
let server: Server;
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kept-'));
  const kept = new Map<string, Buffer>();
  const seen: string[] = [];
  server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const isKnown = request.headers['job-token'] === token;
    seen.push(`${request.method} ${path}${request.headers['job-token'] ? ' token' : ''}`);
    const name = path.replace('/api/v4/projects/7/packages/generic/', '');
    if (path.startsWith('/api/') && !isKnown) response.writeHead(401).end();
    else if (path.startsWith('/api/') && request.method === 'PUT') {
      const body = await bodyOf(request);
      if (world.refusesUploads) response.writeHead(403).end();
      else {
        kept.set(name, body);
        response.writeHead(201).end('{"message":"201 Created"}');
      }
    } else if (path.startsWith('/api/'))
      response.writeHead(kept.has(name) ? 302 : 404, { location: `${world.url}/storage/${name}` }).end();
    else if (path.startsWith('/storage/')) response.end(kept.get(path.slice('/storage/'.length)));
    else response.end(world.original);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  world = { folder, url, kept, seen, original: Buffer.from('tool\0\n'), refusesUploads: false };
});
afterEach(() => {
  server.close();
  rmSync(world.folder, { recursive: true, force: true });
});

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

interface Question {
  readonly path?: string;
  readonly storing?: Storing;
  readonly environment?: Readonly<Record<string, string>>;
  readonly output?: string;
}

async function download(question: Question = {}) {
  const script = join(world.folder, 'kept-download.sh');
  writeFileSync(script, keptDownload(question.storing ?? 'every'));
  const file = question.output ?? join(world.folder, 'got here');
  const job = {
    CI_JOB_TOKEN: token,
    CI_API_V4_URL: `${world.url}/api/v4`,
    CI_PROJECT_ID: '7',
  };
  const argv = [script, `${world.url}${question.path ?? '/owner/tool/v1.2.3/tool-linux'}`, file];
  const { stdout, stderr } = await run('sh', argv, {
    env: { PATH: process.env.PATH, ...(question.environment ?? job) },
  });
  return { said: stderr, bytes: file === '-' ? Buffer.from(stdout) : readFileSync(file) };
}

const asset = '127.0.0.1_PORT/1.2.3/owner_tool_v1.2.3_tool-linux';
const keyOf = (suffix = ''): string => asset.replace('PORT', new URL(world.url).port) + suffix;

test('the first job stores what it downloads with its checksum, the next takes it and never asks for the original', async () => {
  const first = await download();
  expect(first.bytes).toEqual(world.original);
  expect(first.said).toContain('stored it as owner_tool_v1.2.3_tool-linux 1.2.3');
  const sum = createHash('sha256').update(world.original).digest('hex');
  expect(world.kept.get(keyOf('.sha256'))?.toString()).toBe(sum);
  world.seen.length = 0;
  const second = await download();
  expect(second.bytes).toEqual(world.original);
  expect(second.said).toMatch(new RegExp(keptPattern));
  expect(world.seen.some((line) => line.includes('/owner/'))).toBe(false);
});

test('the token goes to the registry alone, not to the storage it sends to, and is in no output', async () => {
  await download();
  const { said } = await download();
  expect(world.seen.filter((line) => line.endsWith(' token')).every((line) => / \/api\//.test(line))).toBe(
    true,
  );
  expect(world.seen.some((line) => line.startsWith('GET /storage/'))).toBe(true);
  expect(said).not.toContain(token);
});

test('a file that is not what was stored is not used: the original is, and mends what is stored', async () => {
  await download();
  world.kept.set(keyOf(), Buffer.from('evil'));
  const { bytes, said } = await download();
  expect(bytes).toEqual(world.original);
  expect(said).toContain('CHECKSUM MISMATCH');
  expect(world.kept.get(keyOf())).toEqual(world.original);
});

test('when the original has changed too, it is used as before and not stored', async () => {
  await download();
  world.kept.set(keyOf(), Buffer.from('evil'));
  world.original = Buffer.from('another');
  const { bytes, said } = await download();
  expect(bytes.toString()).toBe('another');
  expect(said).toContain('not stored');
  expect(world.kept.get(keyOf())?.toString()).toBe('evil');
});

test('a registry that takes nothing, or that cannot be reached, changes nothing for the job', async () => {
  world.refusesUploads = true;
  expect((await download()).bytes).toEqual(world.original);
  const away = { CI_JOB_TOKEN: token, CI_API_V4_URL: 'http://127.0.0.1:1/api/v4', CI_PROJECT_ID: '7' };
  expect((await download({ environment: away })).bytes).toEqual(world.original);
});

test('outside of a job, and for an address without a version, it is a plain download', async () => {
  expect((await download({ environment: {} })).bytes).toEqual(world.original);
  expect((await download({ path: '/owner/tool/latest/tool-linux' })).bytes).toEqual(world.original);
  expect(world.seen).toEqual(['GET /owner/tool/v1.2.3/tool-linux', 'GET /owner/tool/latest/tool-linux']);
  expect(world.kept.size).toBe(0);
});

test('with protected, only a job of a protected ref stores', async () => {
  const job = { CI_JOB_TOKEN: token, CI_API_V4_URL: `${world.url}/api/v4`, CI_PROJECT_ID: '7' };
  const { said } = await download({ storing: 'protected', environment: job });
  expect(said).toContain('only jobs of protected refs store it');
  expect(world.kept.size).toBe(0);
  await download({ storing: 'protected', environment: { ...job, CI_COMMIT_REF_PROTECTED: 'true' } });
  expect(world.kept.size).toBe(2);
});

test('a dash gives it on standard output, and a file keeps its name whatever is in it', async () => {
  world.original = Buffer.from('text for a pipe\n');
  expect((await download({ output: '-' })).bytes.toString()).toBe('text for a pipe\n');
  const odd = join(world.folder, `a $(touch ${'x'}) "b"`);
  expect((await download({ output: odd })).bytes).toEqual(world.original);
  expect(existsSync(odd)).toBe(true);
});

test('an original that is not there fails the job, and leaves no file', async () => {
  const dead = join(world.folder, 'none');
  server.removeAllListeners('request');
  server.on('request', (_request, response) => response.writeHead(404).end());
  await expect(download({ output: dead })).rejects.toThrow();
  expect(existsSync(dead)).toBe(false);
});

const addresses = [
  'https://github.com/hadolint/hadolint/releases/download/v2.12.0/hadolint-Linux-x86_64',
  'https://github.com/koalaman/shellcheck/releases/download/v0.10.0/shellcheck-v0.10.0.linux.x86_64.tar.xz',
  'https://github.com/tamasfe/taplo/releases/download/0.9.3/taplo-full-linux-x86_64.gz',
  'https://github.com/a/b/archive/refs/tags/v1.2.3.tar.gz',
  'https://dl.k8s.io/release/v1.30.2/bin/linux/amd64/kubectl',
  'https://get.helm.sh/helm-v3.15.0-linux-amd64.tar.gz',
  'https://github.com/protocolbuffers/protobuf/releases/download/v3.20.1/protoc-3.20.1-linux-x86_64.zip?x=1#y',
  'https://get.docker.com',
  'https://get.docker.com/',
  'https://sh.rustup.rs',
  'https://example.org/latest/tool',
  'https://example.org/3.txt',
  'https://example.org/tool_1.2+b(c).tgz',
  'https://nodejs.org/dist/v20.1.0/',
];

test('the script and the program name packages alike', async () => {
  const text = keptDownload('every');
  const from = text.indexOf('bare=');
  const to = text.indexOf('known=\n');
  const piece = text
    .slice(from, to)
    .replace(
      /if \[ -z "\$version" \] \|\|[\s\S]*?\nfi\n/,
      'if [ -z "$version" ]; then echo none; exit; fi\n',
    );
  const safe = text.split('\n').find((line) => line.startsWith('safe()')) ?? '';
  for (const url of addresses) {
    const program = `url=$1\n${safe}\n${piece.replace('base=$CI_API_V4_URL', 'base=')}\nprintf '%s|%s|%s\\n' "$name" "$version" "$asset"`;
    const environment = { PATH: process.env.PATH, CI_API_V4_URL: '', CI_PROJECT_ID: '' };
    const { stdout } = await run('sh', ['-c', program, 'sh', url], { env: environment });
    const known = packageOf(url);
    expect(`${url} ${stdout.trim()}`).toBe(
      `${url} ${known ? `${known.name}|${known.version}|${known.file}` : 'none'}`,
    );
  }
});
