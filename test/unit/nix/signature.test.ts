import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromNixBase32, toNixBase32 } from '../../../source/core/nix/base32.ts';
import { parseCacheInfo } from '../../../source/core/nix/cacheInfo.ts';
import { type Narinfo, parseNarinfo } from '../../../source/core/nix/narinfo.ts';
import { type PublicKey, parsePublicKey, showKey } from '../../../source/core/nix/publicKey.ts';
import { fingerprint, sortedReferences, verifyNarinfo } from '../../../source/core/nix/signature.ts';

/** As cache.nixos.org serves it. */
const hello = `StorePath: /nix/store/xcp9cav49dmsjbwdjlmkjxj10gkpx553-hello-2.10
URL: nar/0nqgf15qfiacfxrgm2wkw0gwwncjqqzzalj8rs14w9srkydkjsk9.nar.xz
Compression: xz
FileHash: sha256:0nqgf15qfiacfxrgm2wkw0gwwncjqqzzalj8rs14w9srkydkjsk9
FileSize: 41104
NarHash: sha256:16mvl7v0ylzcg2n3xzjn41qhzbmgcn5iyarx16nn5l2r36n2kqci
NarSize: 206104
References: 563528481rvhc5kxwipjmg6rqrl95mdx-glibc-2.33-56 xcp9cav49dmsjbwdjlmkjxj10gkpx553-hello-2.10
Deriver: vvb4wxmnjixmrkhmj2xb75z62hrr41i7-hello-2.10.drv
Sig: cache.nixos.org-1:lo9EfNIL4eGRuNh7DTbAAffWPpI2SlYC/8uP7JnhgmfRIUNGhSbFe8qEaKN0mFS02TuhPpXFPNtRkFcCp0hGAQ==
`;
const nixosKey = 'cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=';

function key(text: string): PublicKey {
  const parsed = parsePublicKey(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.key;
}

function narinfo(text: string): Narinfo {
  const parsed = parseNarinfo(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.narinfo;
}

test('the hello of cache.nixos.org', () => {
  expect(verifyNarinfo(narinfo(hello), key(nixosKey))).toEqual({ verified: true });
});

test('the same hash in hex, as Attic writes it, has the same fingerprint', () => {
  const parsed = narinfo(hello);
  const hex = Buffer.from(parsed.narHash).toString('hex');
  const rewritten = narinfo(hello.replace(/^NarHash: .*$/m, `NarHash: sha256:${hex}`));
  expect(fingerprint(rewritten)).toBe(
    '1;/nix/store/xcp9cav49dmsjbwdjlmkjxj10gkpx553-hello-2.10;sha256:16mvl7v0ylzcg2n3xzjn41qhzbmgcn5iyarx16nn5l2r36n2kqci;206104;/nix/store/563528481rvhc5kxwipjmg6rqrl95mdx-glibc-2.33-56,/nix/store/xcp9cav49dmsjbwdjlmkjxj10gkpx553-hello-2.10',
  );
  expect(verifyNarinfo(rewritten, key(nixosKey)).verified).toBe(true);
});

test.each([
  ['NarSize', (text: string) => text.replace('206104', '206105')],
  ['path', (text: string) => text.replace('-hello-2.10\nURL', '-hello-2.11\nURL')],
  ['reference', (text: string) => text.replace('563528481rvhc5', '563528481rvhc6')],
  ['hash', (text: string) => text.replace('NarHash: sha256:16', 'NarHash: sha256:06')],
  ['signature', (text: string) => text.replace('cache.nixos.org-1:lo9E', 'cache.nixos.org-1:mo9E')],
])('an altered %s is not verified', (_what, alter) => {
  expect(verifyNarinfo(narinfo(alter(hello)), key(nixosKey))).toEqual({
    verified: false,
    because: 'the signature of cache.nixos.org-1 is not of this key',
  });
});

/** A signed narinfo whose references stand in the given order. */
function signed(references: readonly string[], extra = '') {
  const pair = generateKeyPairSync('ed25519');
  const raw = pair.publicKey.export({ format: 'jwk' }).x ?? '';
  const text = hello
    .replace(/^References: .*$/m, `References: ${references.join(' ')}`)
    .replace(/^Sig: .*\n/m, '');
  const signature = sign(null, Buffer.from(fingerprint(narinfo(text))), pair.privateKey).toString('base64');
  return {
    narinfo: narinfo(`${text}${extra}Sig: main:${signature}\n`),
    key: key(`main:${Buffer.from(raw, 'base64url').toString('base64')}`),
  };
}

const a = `${'0'.repeat(32)}-a`;
const b = `${'1'.repeat(32)}-b`;

test.each([
  ['sorted', [a, b], true],
  ['none', [], true],
  ['unsorted', [b, a], false],
  ['twice', [a, a, b], false],
])('references %s', (_name, references, verified) => {
  const made = signed(references);
  const outcome = verifyNarinfo(made.narinfo, made.key);
  expect(outcome.verified).toBe(verified);
  if (!verified) expect(outcome.because).toContain('nix sorts them and does not trust it');
});

test('another key of the same name, a missing and a foreign signature', () => {
  const made = signed([a]);
  const other = signed([a]);
  expect(verifyNarinfo(made.narinfo, other.key).because).toBe('the signature of main is not of this key');
  expect(verifyNarinfo({ ...made.narinfo, signatures: [] }, made.key).because).toBe('it is not signed');
  expect(verifyNarinfo(made.narinfo, key(nixosKey)).because).toBe('signed by main, not by cache.nixos.org-1');
  const longer = made.narinfo.signatures.map((one) => one.replace('main:', 'main-2:'));
  expect(verifyNarinfo({ ...made.narinfo, signatures: longer }, made.key).because).toBe(
    'signed by main-2, not by main',
  );
});

test('one of several signatures is enough', () => {
  const made = signed([a]);
  const several = { ...made.narinfo, signatures: ['x:AAAA', 'main:AAAA', ...made.narinfo.signatures] };
  expect(verifyNarinfo(several, made.key)).toEqual({ verified: true });
});

test('a content-addressed path is said to prove nothing', () => {
  const made = signed([], 'CA: fixed:r:sha256:16mvl7v0ylzcg2n3xzjn41qhzbmgcn5iyarx16nn5l2r36n2kqci\n');
  expect(verifyNarinfo(made.narinfo, made.key)).toEqual({
    verified: true,
    because: 'content-addressed: nix would take it with any key',
  });
});

test('base-32 and back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (bytes) => {
      expect(fromNixBase32(toNixBase32(bytes), bytes.length)).toEqual(bytes);
    }),
  );
});

test('base-32 refuses letters it does not have, other lengths and bits beyond the bytes', () => {
  expect(fromNixBase32(`e${'0'.repeat(51)}`, 32)).toBeUndefined();
  expect(fromNixBase32('0'.repeat(51), 32)).toBeUndefined();
  expect(fromNixBase32(`z${'0'.repeat(51)}`, 32)).toBeUndefined();
});

test('sorting is by bytes', () => {
  expect(sortedReferences(['b-a', 'B-a', 'a-b', 'a-B', 'b-a'])).toEqual(['B-a', 'a-B', 'a-b', 'b-a']);
});

test.each([
  ['main', 'no colon: a key is written name:base64'],
  [':AAAA', 'no name before the colon'],
  ['main:', 'nothing after the colon'],
  ['main:<public key>', 'what follows the colon is not base64'],
  ['main:AAAA', '3 bytes, and an Ed25519 key has 32'],
  [
    `main:${Buffer.alloc(64, 7).toString('base64')}`,
    'this is a secret key: 64 bytes, and a public key has 32',
  ],
  [
    `main:${Buffer.alloc(32, 7).toString('base64').replace('=', '')}`,
    'the base64 is not padded as Nix writes it',
  ],
  ['my key:AAAA', 'the name holds spaces or characters beyond ASCII'],
])('%s is no key', (text, problem) => {
  expect(parsePublicKey(text)).toEqual({ problem });
});

test('a secret key in the place of a public one is never shown', () => {
  const secret = Buffer.alloc(64, 7).toString('base64');
  expect(showKey(`main:${secret}`)).toBe('main:[MASKED]');
  expect(showKey(nixosKey)).toBe(nixosKey);
});

test.each([
  ['<html>\n<body>Sign in</body>', 'no StorePath'],
  [hello.replace(/^URL.*\n/m, ''), 'no URL'],
  [hello.replace(/^NarSize.*$/m, 'NarSize: 0'), 'no NarSize'],
  [hello.replace(/^NarSize.*$/m, 'NarSize: 1e3'), 'no NarSize'],
  [hello.replace(/^NarHash.*$/m, 'NarHash: md5:00'), 'no SHA-256 in NarHash'],
  [hello.replace(/^References: /m, 'References: ../x '), 'a reference is no name of a store path'],
  [`${hello}StorePath: /nix/store/x`, 'StorePath is written twice'],
])('what is no narinfo says why', (text, problem) => {
  expect(parseNarinfo(text)).toEqual({ problem });
});

test('nix-cache-info', () => {
  expect(parseCacheInfo('WantMassQuery: 1\nStoreDir: /nix/store\nPriority: 41\n')).toEqual({
    storeDir: '/nix/store',
    wantMassQuery: true,
    priority: 41,
  });
  expect(parseCacheInfo('StoreDir: /nix/store\r\n')).toEqual({
    storeDir: '/nix/store',
    wantMassQuery: false,
    priority: 50,
  });
  expect(parseCacheInfo('<!doctype html>\n<title>StoreDir</title>')).toBeUndefined();
});
