import { createHash, createPublicKey, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { toNixBase32 } from '../../source/core/nix/base32.ts';
import { narOf } from '../../source/sandbox/attic/nar.ts';
import { type AtticServer, startAttic } from '../../source/sandbox/attic/start.ts';
import type { Right } from '../../source/sandbox/attic/token.ts';

interface Pair {
  readonly title: string;
  readonly group: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Record<string, string>;
    readonly body: string | null;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly body?: string | null;
    readonly aborted?: string;
  };
}

/** What no imitation in memory has: a disk, a database, a process to stop, chunks to lose, two uploads at one moment. */
const broken =
  /^(?:storage full: upload|storage read-only: upload|storage read-only from the start|filler removed|restarted with read-only storage: NAR|chunk files|empty 512|after the failed upload|last chunk|still broken|chunkref without a chunk: NAR|single chunk file gone: NAR|DB write-locked: (?:NAR|upload|PATCH)|table (?:object|cache) gone: (?:n|c|g)|server down|server stopped|same NAR twice at once B)/;

/** Answers that are right only because something broke before. */
const after = /^table object gone: nix-cache-info/;

const file = process.env.HUSKYCAT_TEST_DATA ? join(process.env.HUSKYCAT_TEST_DATA, 'attic-answers.json') : '';
const pairs: readonly Pair[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
const held = pairs.filter(({ title }) => after.test(title) || !broken.test(title));

/** Each group ran on a server of its own, but for those of the first port. */
function serverOf({ request, group }: Pair): string {
  const { host = '' } = request.headers;
  if (group === 'allowed-hosts') return group;
  return /:(\d+)$/.exec(host)?.[1] && !host.includes('example') ? host : '127.0.0.1:18080';
}

const servers = new Map<string, Promise<AtticServer>>();
afterAll(async () => {
  for (const server of servers.values()) await (await server).stop();
});

async function server(pair: Pair): Promise<AtticServer> {
  const name = serverOf(pair);
  const limits = {
    allowedHosts: ['127.0.0.1:18094', 'cache.example'],
    apiEndpoint: 'https://cache.example/',
  };
  const starting =
    servers.get(name) ?? startAttic({ isEmpty: true, ...(name === 'allowed-hosts' && limits) });
  servers.set(name, starting);
  return starting;
}

/** The same claims, signed by our server. */
function tokenFor(attic: AtticServer, token: string): string {
  const [, payload = ''] = token.split('.');
  const text = Buffer.from(payload, 'base64url').toString('utf8');
  if (!text.startsWith('{')) return token;
  const claims = JSON.parse(text);
  const granted = Object.entries<object>(claims['https://jwt.attic.rs/v1'].caches);
  const caches = Object.fromEntries(granted.map(([name, rights]) => [name, Object.keys(rights) as Right[]]));
  const expired = claims.sub === 'expired';
  const expiresAt = Math.floor(Date.now() / 1000) + (expired ? -60 : 3600);
  return attic.makeToken({ subject: claims.sub, caches, expiresAt });
}

function authorization(attic: AtticServer, header: string): string {
  if (!/^basic /i.test(header)) return header.replace(/\S+\.\S+\.\S+/, (token) => tokenFor(attic, token));
  const [user = '', token = ''] = Buffer.from(header.slice(6), 'base64').toString('utf8').split(':');
  return `Basic ${Buffer.from(`${user}:${tokenFor(attic, token)}`).toString('base64')}`;
}

/** The NARs are not in the recording: others of the same size take their place, one for each hash. */
const narHashes = new Map<string, string>();

function narFor(recorded: string, size: number): { nar: Buffer; hash: string } {
  const nar = narOf({
    kind: 'file',
    content: recorded.padEnd(Math.max(1, size - 112), '.').slice(0, size - 112),
  });
  const hash = createHash('sha256').update(nar).digest('hex');
  narHashes.set(hash, recorded);
  return { nar, hash };
}

function uploadOf(
  headers: Record<string, string>,
  body: string,
): { headers: Record<string, string>; body: Buffer } {
  const preamble = headers['x-attic-nar-info-preamble-size'];
  const info = preamble ? body.slice(0, Number(preamble)) : (headers['x-attic-nar-info'] ?? '');
  const [, recorded = 'f'.repeat(64)] = /sha256:([0-9a-f]{64})/.exec(info) ?? [];
  const size = Number(/"nar_size":(\d+)/.exec(info)?.[1] ?? 120);
  const { nar, hash } = narFor(/^0{64}$/.test(recorded) ? 'wrong' : recorded, size);
  const sent = Number(/(\d+) bytes\)$/.exec(body)?.[1] ?? size);
  const changed = /^0{64}$/.test(recorded) ? info : info.replace(recorded, hash);
  const bytes = nar.subarray(0, sent);
  if (preamble) return { headers, body: Buffer.concat([Buffer.from(changed), bytes]) };
  return { headers: info ? { ...headers, 'x-attic-nar-info': changed } : headers, body: bytes };
}

interface Got {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

async function play(pair: Pair): Promise<Got> {
  const attic = await server(pair);
  const { method, path } = pair.request;
  const token = pair.request.headers.authorization;
  const isForeign = /^secret changed: (?!.*new token)/.test(pair.title);
  const signer = isForeign ? await server({ ...pair, group: 'allowed-hosts' }) : attic;
  const named = { ...pair.request.headers, ...(token && { authorization: authorization(signer, token) }) };
  const isUpload = path.endsWith('/upload-path');
  const { headers, body } = isUpload
    ? uploadOf(named, pair.request.body ?? '')
    : { headers: named, body: Buffer.from(pair.request.body ?? '') };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { port: attic.port, host: '127.0.0.1', method, path, headers, agent: false },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const compared = ['content-type', 'content-length', 'transfer-encoding', 'allow', 'x-attic-cache-visibility'];

function shown(status: number, headers: Got['headers'], body: string): object {
  const isNar = headers['content-type'] === 'application/x-nix-nar';
  const text = body
    .replace(/sha256:[0-9a-f]{64}/g, (hash) => `sha256:${narHashes.get(hash.slice(7)) ?? hash.slice(7)}`)
    .replace(/"file_size":\d+/, '"file_size":N')
    .replace(/(Sig: [^:]+|"public_key":"[^:]+):[A-Za-z0-9+/=]+/g, '$1:KEY');
  // The length of an upload's answer follows the size that the NAR has when compressed.
  const same = compared.filter((name) => name !== 'content-length' || !body.includes('file_size'));
  const kept = Object.fromEntries(same.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])));
  return { status, headers: kept, body: isNar ? 'a NAR' : text };
}

describe.skipIf(pairs.length === 0)('Attic answers as a real one did (needs HUSKYCAT_TEST_DATA)', () => {
  test.each(held.map((pair) => [pair.title, pair] as const))('%s', async (title, pair) => {
    if (title.startsWith('recreated')) await recreateMain(pair);
    await missingBefore(pair);
    const got = await play(pair);
    const { status, headers, body } = pair.response;
    expect(shown(got.status, got.headers, got.body)).toEqual(shown(status, headers, body ?? ''));
    if (got.body.includes('\nSig: ')) expect(await isSigned(pair, got.body)).toBe(true);
  });

  test('most of the recording can be replayed', () => {
    expect(held.length).toBeGreaterThan(330);
  });
});

async function recreateMain(pair: Pair): Promise<void> {
  const attic = await server(pair);
  const answer = await fetch(`${attic.url}/_api/v1/cache-config/main`, {
    method: 'POST',
    headers: { authorization: `Bearer ${attic.rootToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      keypair: 'Generate',
      is_public: true,
      store_dir: '/nix/store',
      priority: 41,
      upstream_cache_key_names: [],
    }),
  });
  expect(answer.status).toBe(200);
}

/** Paths that the recording's attic client, or a step that is not in it, had pushed. */
async function missingBefore({ request, response, title, ...rest }: Pair): Promise<void> {
  const isRead = request.method === 'GET' && response.status === 200;
  const [, cache = '', hash] =
    /^\/([^/]+)\/(?:nar\/)?([a-z0-9]{32})\.(?:narinfo|nar)$/.exec(request.path) ?? [];
  if (!isRead || !hash) return;
  const pair = { request, response, title, ...rest };
  const attic = await server(pair);
  const present = await fetch(`${attic.url}${request.path}`, {
    headers: { authorization: `Bearer ${attic.rootToken}` },
  });
  await present.arrayBuffer();
  if (present.status === 200) return;
  expect(title).toMatch(/pushed by the attic client/);
  const value = (name: string): string =>
    new RegExp(`^${name}: (.*)$`, 'm').exec(response.body ?? '')?.[1] ?? '';
  const size = Number(value('NarSize') || 120);
  const { nar, hash: narHash } = narFor(value('NarHash').slice(7), size);
  const info = {
    cache,
    store_path_hash: hash,
    store_path: value('StorePath'),
    references: value('References').split(' ').filter(Boolean),
    deriver: null,
    ca: null,
    nar_hash: `sha256:${narHash}`,
    nar_size: nar.length,
  };
  const pushed = await fetch(`${attic.url}/_api/v1/upload-path`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${attic.token}`, 'x-attic-nar-info': JSON.stringify(info) },
    body: new Uint8Array(nar),
  });
  expect(pushed.status).toBe(200);
}

async function isSigned(pair: Pair, narinfo: string): Promise<boolean> {
  const attic = await server(pair);
  const [, cache = ''] = pair.request.path.split('/');
  const answer = await fetch(`${attic.url}/_api/v1/cache-config/${cache}`, {
    headers: { authorization: `Bearer ${attic.rootToken}` },
  });
  const { public_key } = (await answer.json()) as { public_key: string };
  const x = Buffer.from(public_key.split(':')[1] ?? '', 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const value = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(narinfo)?.[1] ?? '';
  const hash = toNixBase32(Buffer.from(value('NarHash').slice('sha256:'.length), 'hex'));
  const references = value('References').split(' ').filter(Boolean);
  const full = references.map((name) => `/nix/store/${name}`).join(',');
  const text = `1;${value('StorePath')};sha256:${hash};${value('NarSize')};${full}`;
  return verify(null, Buffer.from(text), key, Buffer.from(value('Sig').split(':')[1] ?? '', 'base64'));
}
