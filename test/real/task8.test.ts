import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../source/core/secret.ts';
import { createToolchain } from '../../source/services/toolchain/toolchain.ts';
import { scriptedGitLab } from '../monitor/workspace.ts';
import { openAtticWorld, said } from '../tasks/atticPublicKey/world.ts';
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
    ['garbage', false, ''],
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

  test('a private cache without a token here: GitLab’s is taken when it is chosen, and a key made anew meanwhile stops the run', async () => {
    const storePath = await attic.upload('private', 'kept-1.0');
    const gitlab = (token: TokenName) => ({
      service: scriptedGitLab({ variableValue: async () => new Secret(attic.tokens[token]) }),
    });
    const open = (token: TokenName) =>
      openAtticWorld({ url: attic.url, cache: 'private', services: { gitlab: gitlab(token) } });
    const settings = { token: 'gitlab', 'store-path': storePath };
    for (const token of ['push', 'expired', 'other', 'garbage'] as const)
      expect(
        await open(token).plan('paste', { ...settings, key: await attic.publicKey('private') }),
      ).toMatchObject({
        preflight: expect.arrayContaining([expect.objectContaining({ id: 'server-key', state: 'unknown' })]),
      });
    const world = open('pull');
    const before = world.read('flake.nix');
    const stale = await pulled(world, settings);
    await attic.regenerate('private');
    expect(await world.apply(stale)).toMatchObject({ outcome: 'unchanged', failure: { code: 'stale' } });
    expect(world.read('flake.nix')).toBe(before);
    const plan = await pulled(world, { token: 'gitlab' });
    expect(await world.apply(plan)).toMatchObject({ outcome: 'done' });
    expect(await world.verify(settings)).toMatchObject({ rung: 'proven' });
    expect(JSON.stringify([plan, (await world.workspace.journal.read()).entries])).not.toContain(
      attic.tokens.pull,
    );
  });
});

/** The plan with the server's key; the server is not a way that is offered before the token is there. */
async function pulled(world: ReturnType<typeof openAtticWorld>, settings: Record<string, string>) {
  const key = await attic.publicKey('private');
  return world.planned('paste', { ...settings, key });
}
