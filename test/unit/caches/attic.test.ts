import { expect, test } from 'vitest';
import { atticCache } from '../../../source/core/caches/attic.ts';
import type { AtticState } from '../../../source/core/caches/model.ts';
import type { Datum } from '../../../source/core/datum.ts';
import { nixClaims } from '../../../source/core/nix/claims.ts';

const now = '2026-01-01T00:00:00.000Z';
const key = 'main:PBDvqG8OP3W2XF4QzuqWwZD/RhLRsE7ONxwM09kqTtw=';
const other = 'main:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=';
const url = 'https://cache.test/main';

function flake(...lines: readonly string[]) {
  const text = `{\n  nixConfig = {\n${lines.map((line) => `    ${line}\n`).join('')}  };\n}\n`;
  return nixClaims({ read: (path) => (path === 'flake.nix' ? text : undefined), list: () => ['flake.nix'] });
}

function answering(given: Partial<AtticState> = {}): Datum<AtticState> {
  const value: AtticState = {
    url,
    cache: 'main',
    latency: 0.012,
    info: { value: { storeDir: '/nix/store', wantMassQuery: true, priority: 41 } },
    config: { value: { publicKey: key, isPublic: true, upstreamKeyNames: [] } },
    ...given,
  };
  return { state: 'fresh', value, fetchedAt: Date.parse(now) };
}

const substituters = `extra-substituters = [ "${url}" ];`;
const trusted = (text: string): string => `extra-trusted-public-keys = [ "${text}" ];`;
const backup = key.replace('main:', 'backup:');
const elsewhere = { value: { storeDir: '/gnu/store', wantMassQuery: true, priority: 41 } };
const unread = {
  failure: { kind: 'unavailable', tried: 'x', saw: 'no answer', next: [], code: 'x' },
} as const;
const unsigned = { value: { storePath: '/nix/store/x', keyName: 'main', verified: false } };
const signed = { value: { storePath: '/nix/store/x', keyName: 'main', verified: true } };

test.each([
  ['absent', flake(), answering()],
  ['present', flake(substituters), answering()],
  ['present', flake(substituters, `# ${trusted(key)}`), answering()],
  ['present', flake(substituters, trusted(other)), answering({ narinfo: signed })],
  ['present', flake(substituters, trusted(backup)), answering({ narinfo: signed })],
  ['present', flake(substituters, trusted(`${key}" "${backup}`)), answering({ narinfo: signed })],
  ['valid', flake(substituters, trusted(key)), { state: 'loading' } as const],
  ['valid', flake(substituters, trusted(key)), answering({ info: unread, narinfo: signed })],
  ['valid', flake(substituters, trusted(key)), answering({ info: elsewhere, narinfo: signed })],
  ['reachable', flake(substituters, trusted(key)), answering({ narinfo: unsigned })],
  ['reachable', flake(substituters, trusted(key)), answering()],
  ['proven', flake(substituters, trusted(key)), answering({ narinfo: signed })],
])('the cache stands on the rung %s', (rung, claims, datum) => {
  expect(atticCache(claims, datum, { now }).row.rung).toBe(rung);
});

test('unread files make it unknown, however well it answers', () => {
  expect(atticCache(undefined, answering({ narinfo: signed }), { now }).row.rung).toBe('unknown');
});

test('a key of the same name and other bytes is drift, an error, and fixed by the task', () => {
  const { row, findings } = atticCache(flake(substituters, trusted(other)), answering(), { now });
  expect(row.drift.join()).toContain('flake.nix:4');
  expect(findings.find(({ rule }) => rule === 'attic-key-differs')).toMatchObject({
    severity: 'error',
    where: { file: 'flake.nix', line: 4 },
    fix: { task: 'attic-public-key' },
  });
});

test('an expired token is an error, although reading works', () => {
  const token = { readable: true, expired: true, expiresAt: now, rights: ['pull', 'push'] } as const;
  const { findings } = atticCache(flake(substituters, trusted(key)), answering({ token }), { now });
  expect(findings.map(({ rule }) => rule)).toEqual(['attic-token-expired']);
});
