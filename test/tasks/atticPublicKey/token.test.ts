import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { VariableListing } from '../../../source/core/gitlab/model.ts';
import { Secret } from '../../../source/core/secret.ts';
import { type AtticServer, startAttic } from '../../../source/sandbox/attic/start.ts';
import { startSandbox } from '../../../source/sandbox/start.ts';
import { scriptedGitLab } from '../../monitor/workspace.ts';
import { reach } from '../engine/effects.ts';
import { engineWorld } from '../engine/world.ts';
import { openAtticWorld } from './world.ts';

let attic: AtticServer;
beforeAll(async () => {
  attic = await startAttic();
});
afterAll(() => attic.stop());

const listing: VariableListing = {
  variables: [
    {
      key: 'ATTIC_TOKEN',
      type: 'env_var',
      masked: true,
      hidden: false,
      protected: false,
      raw: false,
      scope: '*',
      owner: { kind: 'project', path: 'tinyland/ai/huskycat' },
      value: { empty: false, multiline: false, maskable: true, hasDollar: false },
    },
  ],
  unreadable: [],
};

/** A private cache, no token here, and a GitLab that has one; counts how often its value was asked for. */
function open(value: string | undefined) {
  let asked = 0;
  const service = scriptedGitLab({
    variables: async () => listing,
    variableValue: async (key) => {
      asked += 1;
      return key === 'ATTIC_TOKEN' && value !== undefined ? new Secret(value) : undefined;
    },
  });
  const world = openAtticWorld({
    url: attic.url,
    cache: 'private',
    services: { gitlab: { service } },
  });
  return { ...world, asked: () => asked };
}

test('a private cache: the token is taken from GitLab when that was chosen, and is shown and kept nowhere', async () => {
  const world = open(attic.rootToken);
  const [server] = await world.options();
  expect(server).toMatchObject({ name: 'server', possible: true, recommended: false });
  expect(server?.because).toContain('token=gitlab');
  expect(await world.plan('server')).toHaveProperty('refused');
  expect(world.asked()).toBe(0);

  const plan = await world.planned('server', { token: 'gitlab' });
  expect(plan.steps.map(({ id }) => id)).toEqual(['same-key', 'edit-flake-nix', 'edit-gitlab-ci-nix-yml']);
  expect(plan.steps[0]?.action).toMatchObject({ settings: { token: 'gitlab' } });
  const result = await world.apply(plan);
  expect(result.outcome, JSON.stringify(result.failure)).toBe('done');
  expect(world.asked()).toBeGreaterThan(1);
  expect(await world.verify({ token: 'gitlab' })).toMatchObject({ rung: 'reachable' });
  const { entries } = await world.workspace.journal.read();
  expect(JSON.stringify([plan, result, entries])).not.toContain(attic.rootToken);
});

test('a GitLab without it, or whose token the cache does not take, is said so', async () => {
  await expect(open(undefined).plan('server', { token: 'gitlab' })).rejects.toMatchObject({
    code: 'no-token',
  });
  expect(await open('not.a.token').plan('server', { token: 'gitlab' })).toHaveProperty('refused');
});

test('GitLab gives the value of the nearest owner, and it is hidden before anybody else sees it', async () => {
  const sandbox = await startSandbox();
  const world = engineWorld({});
  onTestFinished(async () => {
    world.remove();
    await sandbox.stop();
  });
  const { gitlab, honey } = reach(sandbox.addresses, { ...world, name: 'x' });
  const secret = await gitlab.variableValue('ATTIC_TOKEN');
  expect(secret?.reveal()).toBe(sandbox.addresses.attic.token);
  expect(JSON.stringify(secret)).not.toContain(sandbox.addresses.attic.token);
  expect(await gitlab.variableValue('NOBODY_HAS_THIS')).toBeUndefined();
  honey.close();
});
