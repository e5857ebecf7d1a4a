import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CiFiles } from '../../source/core/ci/model.ts';
import { nixClaims } from '../../source/core/nix/claims.ts';
import { atticDrift } from '../../source/core/nix/drift.ts';
import { parseNarinfo } from '../../source/core/nix/narinfo.ts';
import { parsePublicKey } from '../../source/core/nix/publicKey.ts';
import { verifyNarinfo } from '../../source/core/nix/signature.ts';
import { Secret } from '../../source/core/secret.ts';
import { createActivity } from '../../source/services/activity.ts';
import { connectAttic } from '../../source/services/attic/connect.ts';
import { createTransport } from '../../source/services/http/transport.ts';
import { type RealAttic, startAttic, type TokenName } from './atticServer.ts';
import { nixVerify } from './nixClient.ts';
import { needs, needsProgram } from './require.ts';

const script = needs('atticd', 'HUSKYCAT_TEST_ATTIC');
const nix = needsProgram('nix');
const activity = createActivity({ now: Date.now, redact: (text) => text });
const transport = createTransport({ activity, redact: (text) => text });

let attic: RealAttic;
beforeAll(async () => {
  if (script !== undefined) attic = await startAttic(script);
});
afterAll(() => attic?.stop());

function look(cache: string, token?: TokenName, storePath?: string, timeout = 10_000) {
  const secret = token === undefined ? {} : { token: new Secret(attic.tokens[token]) };
  const service = connectAttic({ url: attic.url, cache, transport, now: Date.now, timeout, ...secret });
  return service.look(storePath === undefined ? {} : { storePath });
}

/** A part in one word: the value where it is a word, `ok`, or the code of the failure. */
function word(part: { value: unknown } | { failure: { code: string } } | undefined): string {
  if (part === undefined) return '-';
  if ('failure' in part) return part.failure.code;
  return typeof part.value === 'string' ? part.value : 'ok';
}

const wrongKey = 'main:PBDvqG8OP3W2XF4QzuqWwZD/RhLRsE7ONxwM09kqTtw=';

async function ours(path: string, key: string) {
  const hash = path.slice('/nix/store/'.length, '/nix/store/'.length + 32);
  const parsed = parseNarinfo(await (await fetch(`${attic.url}/main/${hash}.narinfo`)).text());
  const parsedKey = parsePublicKey(key);
  if ('problem' in parsed || 'problem' in parsedKey) throw new Error('not readable');
  return verifyNarinfo(parsed.narinfo, parsedKey.key);
}

describe.skipIf(script === undefined)('a real atticd', () => {
  test.each([
    ['main', undefined, 'ok ok -', []],
    ['main', 'pull', 'ok ok refused', []],
    ['main', 'push', 'ok ok granted', []],
    ['main', 'ci', 'ok ok granted', []],
    ['main', 'root', 'ok ok granted', []],
    ['main', 'other', 'ok ok refused', []],
    ['main', 'expired', 'ok ok refused', ['token-dropped']],
    ['main', 'garbage', 'ok ok refused', ['token-dropped']],
    ['private', undefined, 'token-wanted token-wanted -', []],
    ['private', 'pull', 'ok ok refused', []],
    ['private', 'push', 'no-right no-right granted', ['token-rights']],
    ['private', 'ci', 'ok ok granted', []],
    ['private', 'other', 'token-not-accepted token-not-accepted refused', []],
    ['private', 'expired', 'token-not-accepted token-not-accepted refused', ['token-dropped']],
    ['private', 'garbage', 'token-not-accepted token-not-accepted refused', ['token-dropped']],
    ['nowhere', undefined, 'token-wanted token-wanted -', []],
    ['nowhere', 'root', 'no-such-cache no-such-cache no-such-cache', []],
  ] as const)('%s as %s', async (cache, token, parts, notes) => {
    const state = await look(cache, token);
    expect([word(state.info), word(state.config), word(state.push)].join(' ')).toBe(parts);
    expect((state.notes ?? []).map(({ code }) => code)).toEqual(notes);
  });

  test('the tokens say of themselves what the server grants', async () => {
    const { token } = await look('main', 'ci');
    expect(token).toMatchObject({ readable: true, subject: 'ci', expired: false, rights: ['pull', 'push'] });
    expect(token?.problem).toBeUndefined();
    expect((await look('main', 'expired')).token).toMatchObject({ expired: true });
    expect((await look('anything', 'root')).token?.rights).toHaveLength(7);
  });

  test('a cache and its key', async () => {
    const state = await look('main');
    expect(state.latency).toBeGreaterThan(0);
    expect(state.info).toEqual({ value: { storeDir: '/nix/store', wantMassQuery: true, priority: 41 } });
    expect(state.config).toEqual({
      value: {
        publicKey: await attic.publicKey('main'),
        isPublic: true,
        substituterEndpoint: `${attic.url}/main`,
        apiEndpoint: `${attic.url}/`,
        storeDir: '/nix/store',
        priority: 41,
        upstreamKeyNames: ['cache.nixos.org-1'],
        retention: 'global',
      },
    });
  });

  test('a path that was pushed is signed by the key, and nix agrees', async () => {
    const first = await attic.upload('main', 'first-1.0');
    const second = await attic.upload('main', 'second-1.0', {
      references: [first.slice('/nix/store/'.length)],
    });
    for (const storePath of [first, second]) {
      expect((await look('main', undefined, storePath)).narinfo).toEqual({
        value: { storePath, keyName: 'main', verified: true },
      });
      const key = await attic.publicKey('main');
      expect((await ours(storePath, wrongKey)).verified).toBe(false);
      if (nix === undefined) continue;
      expect(await nixVerify(nix, `${attic.url}/main`, storePath, key)).toBe(0);
      expect(await nixVerify(nix, `${attic.url}/main`, storePath, wrongKey)).toBe(2);
    }
    const missing = await look('main', undefined, `/nix/store/${'0'.repeat(32)}-x`);
    expect(word(missing.narinfo)).toBe('not-in-cache');
  });

  test('a private path needs the token', async () => {
    const storePath = await attic.upload('private', 'secret-1.0');
    expect((await look('private', 'pull', storePath)).narinfo).toMatchObject({ value: { verified: true } });
    expect(word((await look('private', undefined, storePath)).narinfo)).toBe('token-wanted');
    expect(word((await look('private', 'push', storePath)).narinfo)).toBe('no-right');
  });

  test('references out of order: nix does not trust them, and neither do we', async () => {
    const key = await attic.publicKey('main');
    const a = `${'0'.repeat(32)}-a`;
    const b = `${'1'.repeat(32)}-b`;
    const cases = [
      [[a, b], true],
      [[b, a], false],
      [[a, a], false],
    ] as const;
    for (const [references, verified] of cases) {
      const path = await attic.upload('main', `refs-${references.map((one) => one.at(-1)).join('-')}`, {
        references: [...references],
      });
      expect((await ours(path, key)).verified).toBe(verified);
      if (nix !== undefined)
        expect(await nixVerify(nix, `${attic.url}/main`, path, key)).toBe(verified ? 0 : 2);
    }
  });

  test('a new key is seen at once: the old one verifies nothing, and the files drift', async () => {
    const storePath = await attic.upload('main', 'rekeyed-1.0');
    const old = await attic.publicKey('main');
    const text = `extra-substituters = ${attic.url}/main\nextra-trusted-public-keys = ${old}\n`;
    const files: CiFiles = { read: () => text, list: () => ['nix.conf'] };
    expect(atticDrift(nixClaims(files), old, `${attic.url}/main`)).toEqual([]);

    await attic.regenerate('main');
    const state = await look('main', undefined, storePath);
    const key = 'value' in state.config ? (state.config.value.publicKey ?? '') : '';
    expect(key).not.toBe(old);
    expect(state.narinfo).toEqual({ value: { storePath, keyName: 'main', verified: true } });
    expect(await ours(storePath, old)).toEqual({
      verified: false,
      because: 'the signature of main is not of this key',
    });
    expect(atticDrift(nixClaims(files), key, `${attic.url}/main`).map(({ code }) => code)).toEqual([
      'key-not-pinned',
      'key-differs',
    ]);
    if (nix === undefined) return;
    expect(await nixVerify(nix, `${attic.url}/main`, storePath, old)).toBe(2);
    expect(await nixVerify(nix, `${attic.url}/main`, storePath, key)).toBe(0);
  });

  test('a server that is stopped answers nothing in time', async () => {
    process.kill(attic.pid, 'SIGSTOP');
    try {
      const state = await look('main', 'ci', undefined, 500);
      expect([word(state.info), word(state.config), word(state.push)]).toEqual(Array(3).fill('timeout'));
    } finally {
      process.kill(attic.pid, 'SIGCONT');
    }
  });
});
