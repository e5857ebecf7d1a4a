import { createHash, createHmac, createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toNixBase32 } from '../../source/core/nix/base32.ts';
import { narOf } from '../../source/sandbox/attic/nar.ts';
import { type AtticServer, startAttic } from '../../source/sandbox/attic/start.ts';
import { storeHashFault } from '../../source/sandbox/attic/storePath.ts';
import { makeToken, readToken, rightsOn } from '../../source/sandbox/attic/token.ts';

let attic: AtticServer;
beforeAll(async () => {
  attic = await startAttic();
});
afterAll(() => attic.stop());

const hash = (path: string): string => path.slice('/nix/store/'.length).slice(0, 32);

function ask(path: string, token?: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...init.headers, ...(token && { authorization: `Bearer ${token}` }) };
  return fetch(attic.url + path, { ...init, headers });
}

function missing(cache: string, token?: string): Promise<Response> {
  const body = JSON.stringify({ cache, store_path_hashes: ['0'.repeat(32)] });
  const headers = { 'content-type': 'application/json' };
  return ask('/_api/v1/get-missing-paths', token, { method: 'POST', headers, body });
}

test('nix-base32 is the one that Nix prints', () => {
  const digest = createHash('sha256').update('').digest();
  expect(toNixBase32(digest)).toBe('0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73');
});

test('a NAR of an empty file has 112 bytes', () => {
  const nar = narOf({ kind: 'file', content: '' });
  expect(nar.length).toBe(112);
  expect(narOf({ kind: 'file', content: '12345678' }).length).toBe(120);
});

test('the store paths are valid and in both caches', async () => {
  expect(attic.storePaths.map((path) => storeHashFault(hash(path)))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  for (const path of attic.storePaths) {
    expect((await ask(`/main/${hash(path)}.narinfo`)).status).toBe(200);
    expect((await ask(`/private/${hash(path)}.narinfo`)).status).toBe(401);
    expect((await ask(`/private/${hash(path)}.narinfo`, attic.token)).status).toBe(200);
  }
});

describe('an expired token', () => {
  const expired = (): string =>
    attic.makeToken({ subject: 'ci', caches: { main: ['r', 'w'], private: ['r', 'w'] }, expiresAt: 1 });

  test('reads a public cache as anybody does, and may not push', async () => {
    expect((await ask('/main/nix-cache-info', expired())).status).toBe(200);
    expect((await missing('main', expired())).status).toBe(403);
    expect((await missing('main', attic.token)).status).toBe(200);
  });

  test('does not open a private cache', async () => {
    const answer = await ask('/private/nix-cache-info', expired());
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe(null);
    expect((await missing('private', expired())).status).toBe(401);
  });
});

test('a new keypair signs the same path anew, at once', async () => {
  const [path = ''] = attic.storePaths;
  const before = { key: attic.publicKey(), sig: signatureOf(await narinfo(path)) };
  const changed = await ask('/_api/v1/cache-config/main', attic.rootToken, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: '{"keypair":"Generate"}',
  });
  expect([changed.status, await changed.text(), changed.headers.get('content-type')]).toEqual([
    200,
    '',
    null,
  ]);
  expect(attic.publicKey()).not.toBe(before.key);
  const text = await narinfo(path);
  expect(signatureOf(text)).not.toBe(before.sig);
  expect(isSigned(text, attic.publicKey())).toBe(true);
  expect(isSigned(text, before.key)).toBe(false);
});

test('a NAR comes in pieces without a length and has the hash that the narinfo says', async () => {
  const path = attic.storePaths[0] ?? '';
  const answer = await ask(`/main/nar/${hash(path)}.nar`);
  expect(answer.headers.get('content-length')).toBe(null);
  expect(answer.headers.get('transfer-encoding')).toBe('chunked');
  const text = await narinfo(path);
  expect(text).toContain('References: \n');
  expect(text).toMatch(/^NarHash: sha256:[0-9a-f]{64}$/m);
});

describe('tokens', () => {
  const secret = Buffer.from('secret');
  const now = 1_800_000_000_000;
  const sign = (claims: object, alg = 'HS256', key: Uint8Array = secret): string => {
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const body = `${encode({ alg })}.${encode(claims)}`;
    return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
  };
  const claims = (more: object = {}, main: object = { r: 1 }): object => ({
    'https://jwt.attic.rs/v1': { caches: { main } },
    ...more,
  });

  test.each([
    ['without an end', claims(), true],
    ['about to expire', claims({ exp: now / 1000 + 0.04 }), true],
    ['just expired', claims({ exp: now / 1000 - 0.06 }), false],
    ['with an end in words', claims({ exp: 'later' }), false],
    ['not yet good', claims({ nbf: now / 1000 + 5 }), false],
    ['of the future', claims({ iat: now / 1000 + 5 }), false],
    ['with rights as truths', claims({}, { r: true }), false],
    ['with a right of 2', claims({}, { r: 2 }), false],
    ['with unknown rights', claims({}, { r: 1, zz: 1 }), true],
  ])('%s', (_, body, good) => {
    expect(readToken(secret, sign(body), now) !== undefined).toBe(good);
  });

  test('of another key, or of none, are dropped', () => {
    expect(readToken(secret, sign(claims(), 'HS256', Buffer.from('other')), now)).toBe(undefined);
    expect(readToken(secret, sign(claims(), 'none'), now)).toBe(undefined);
    expect(readToken(secret, 'not.a.jwt', now)).toBe(undefined);
  });

  test('an exact name beats a pattern, and the first pattern the others', () => {
    const token = makeToken(secret, { subject: 'x', caches: { 'm*': ['r'], '*': ['w'], main: ['d'] } });
    const grants = readToken(secret, token, now) ?? [];
    expect([...rightsOn(grants, 'main')]).toEqual(['d']);
    expect([...rightsOn(grants, 'mine')]).toEqual(['r']);
    expect([...rightsOn(grants, 'other')]).toEqual(['w']);
  });
});

async function narinfo(path: string): Promise<string> {
  return (await ask(`/main/${hash(path)}.narinfo`)).text();
}

function signatureOf(text: string): string {
  return /^Sig: (.*)$/m.exec(text)?.[1] ?? '';
}

function isSigned(text: string, publicKey: string): boolean {
  const value = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? '';
  const x = Buffer.from(publicKey.split(':')[1] ?? '', 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const digest = toNixBase32(Buffer.from(value('NarHash').slice('sha256:'.length), 'hex'));
  const references = value('References').split(' ').filter(Boolean);
  const full = references.map((name) => `/nix/store/${name}`).join(',');
  const signed = `1;${value('StorePath')};sha256:${digest};${value('NarSize')};${full}`;
  return verify(null, Buffer.from(signed), key, Buffer.from(value('Sig').split(':')[1] ?? '', 'base64'));
}
