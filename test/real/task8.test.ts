import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createToolchain } from '../../source/services/toolchain/toolchain.ts';
import { openAtticWorld, said } from '../tasks/atticPublicKeyWorld.ts';
import { type RealAttic, startAttic, type TokenName } from './atticServer.ts';
import { needs } from './require.ts';

const script = needs('atticd', 'HUSKYCAT_TEST_ATTIC');

let attic: RealAttic;
beforeAll(async () => {
  if (script !== undefined) attic = await startAttic(script);
});
afterAll(() => attic?.stop());

function open(cache: string, token?: TokenName) {
  return openAtticWorld({
    url: attic.url,
    cache,
    services: { toolchain: createToolchain() },
    ...(token === undefined ? {} : { token: attic.tokens[token] }),
  });
}

describe.skipIf(script === undefined)('the Attic cache’s key, against a real atticd', () => {
  test('an empty cache is unproven; with a path in it the key is proven, a new key drifts, and undo puts all back', async () => {
    const world = open('main', 'ci');
    const original = [world.read('flake.nix'), world.read('.gitlab/ci/nix.yml')];
    const first = await world.plan();
    expect(said(first, 'signature')).toContain('obtained, unproven');
    expect(said(first, 'push')).toBe('fine: ATTIC_TOKEN may push');
    expect(await world.apply(await world.planned())).toMatchObject({ outcome: 'done' });
    expect(await world.verify()).toMatchObject({ rung: 'reachable' });

    const storePath = await attic.upload('main', 'proof-1.0');
    const proven = await world.plan('server', { 'store-path': storePath });
    expect(said(proven, 'signature')).toBe(`fine: ${storePath} is signed by it`);
    expect('plan' in proven && proven.plan.steps).toEqual([]);
    expect(await world.verify({ 'store-path': storePath })).toMatchObject({ rung: 'proven' });

    await attic.regenerate('main');
    expect(await world.verify({ 'store-path': storePath })).toMatchObject({ rung: 'present' });
    const again = await world.planned('server', { 'store-path': storePath });
    expect(await world.apply(again)).toMatchObject({ outcome: 'done' });
    expect(await world.verify({ 'store-path': storePath })).toMatchObject({ rung: 'proven' });
    expect(await world.undo()).toMatchObject({ outcome: 'undone' });
    expect(await world.undo()).toMatchObject({ outcome: 'undone' });
    expect([world.read('flake.nix'), world.read('.gitlab/ci/nix.yml')]).toEqual(original);
  });

  test.each([
    ['pull', true, 'warning: ATTIC_TOKEN may not push'],
    ['ci', true, 'fine: ATTIC_TOKEN may push'],
    ['push', false, ''],
    ['expired', false, ''],
    ['other', false, ''],
    [undefined, false, ''],
  ] as const)('a private cache, with the token %s', async (token, possible, push) => {
    const storePath = await attic.upload('private', 'hidden-1.0');
    const world = open('private', token);
    const [server] = await world.options();
    expect(server).toMatchObject({ name: 'server', possible });
    if (!possible) {
      expect(server?.because).toMatch(/token/);
      const key = await attic.publicKey('private');
      const pasted = await world.plan('paste', { key, 'store-path': storePath });
      expect(said(pasted, 'server-key')).toContain('unknown: ');
      expect(said(pasted, 'signature')).toContain('obtained, unproven');
      return;
    }
    const planned = await world.plan(undefined, { 'store-path': storePath });
    expect(said(planned, 'push').startsWith(push)).toBe(true);
    expect(said(planned, 'signature')).toBe(`fine: ${storePath} is signed by it`);
    expect(await world.apply(await world.planned())).toMatchObject({ outcome: 'done' });
    expect((await world.planned()).steps).toEqual([]);
  });
});
