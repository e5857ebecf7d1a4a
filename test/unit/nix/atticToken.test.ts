import { expect, test } from 'vitest';
import { decodeJwt } from '../../../source/core/jwt.ts';
import { readAtticToken } from '../../../source/core/nix/atticToken.ts';

const now = Date.parse('2026-11-24T12:00:00Z');

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function token(claims: object, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  return `${part(header)}.${part(claims)}.c2ln`;
}

function withCaches(caches: object, more: object = {}): string {
  return token({ sub: 'ci', ...more, 'https://jwt.attic.rs/v1': { caches } });
}

test('a token of a CI', () => {
  expect(readAtticToken(withCaches({ main: { r: 1, w: 1 } }, { exp: now / 1000 + 60 }), 'main', now)).toEqual(
    {
      readable: true,
      subject: 'ci',
      expiresAt: '2026-11-24T12:01:00.000Z',
      expired: false,
      rights: ['pull', 'push'],
    },
  );
});

test.each([
  ['the exact name', { '*': { r: 1 }, main: { w: 1 } }, ['push']],
  ['the first pattern of several', { 'ma*': { r: 1 }, '*': { w: 1 } }, ['pull']],
  ['a star in the middle', { 'm*n': { d: 1 } }, ['delete']],
  ['two stars', { '*a*': { cr: 1, cq: 1, cd: 1, cc: 1 } }, ['create', 'configure', 'retention', 'destroy']],
  ['a question mark, which is no wildcard', { 'mai?': { r: 1 } }, []],
  ['a longer pattern', { 'main*main': { r: 1 } }, []],
  ['zero', { main: { r: 0, w: 1 } }, ['push']],
  ['another cache', { other: { r: 1 } }, []],
  ['a name of Object', { constructor: { r: 1 } }, []],
])('rights by %s', (_name, caches, rights) => {
  expect(readAtticToken(withCaches(caches), 'main', now)).toMatchObject({ rights, expired: false });
  expect(readAtticToken(withCaches(caches), 'main', now)).not.toHaveProperty('problem');
});

test('it expires at its second, without tolerance', () => {
  const caches = { main: { r: 1 } };
  expect(readAtticToken(withCaches(caches, { exp: now / 1000 }), 'main', now)).toMatchObject({
    expired: true,
    problem: 'it expired at 2026-11-24T12:00:00.000Z',
  });
  expect(readAtticToken(withCaches(caches, { exp: now / 1000 + 0.5 }), 'main', now).expired).toBe(false);
  expect(readAtticToken(withCaches(caches), 'main', now)).not.toHaveProperty('expiresAt');
});

test.each([
  [withCaches({ main: { r: true } }), 'a right in it is neither 0 nor 1: Attic refuses the whole token'],
  [withCaches({}, { exp: 'tomorrow' }), 'its expiry is no number'],
  [
    withCaches({}, { nbf: now / 1000 + 10 }),
    'it is not valid before 2026-11-24T12:00:10.000Z: check the clocks',
  ],
  [
    withCaches({}, { iat: now / 1000 + 10 }),
    'it is not valid before 2026-11-24T12:00:10.000Z: check the clocks',
  ],
  [token({}, { alg: 'none' }), 'signed with none: Attic takes RS256 and HS256'],
])('why the server would drop it', (text, problem) => {
  expect(readAtticToken(text, 'main', now).problem).toBe(problem);
});

test.each([
  '',
  'not.a.jwt',
  'glpat-0123456789',
  'a.b',
  `${part([])}.${part({})}.x`,
  `${part({})}.bnVsbA.x`,
  '..',
])('"%s" is not readable', (text) => {
  expect(decodeJwt(text)).toBeUndefined();
  expect(readAtticToken(text, 'main', now)).toEqual({ readable: false, expired: false, rights: [] });
});

test('a date beyond what a clock can hold', () => {
  expect(readAtticToken(withCaches({}, { exp: 1e300 }), 'main', now).problem).toBe('its expiry is no number');
});
