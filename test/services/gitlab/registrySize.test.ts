import { afterEach, expect, test } from 'vitest';
import { type GitLabWorld, gitlabWorld } from './world.ts';

let world: GitLabWorld | undefined;
afterEach(() => world?.close());

test('the size of a repository is asked for by itself; a server that does not count gives none', async () => {
  const row = { id: 5, path: 'tinyland/ai/huskycat/cache', location: 'registry.example/cache' };
  world = await gitlabWorld({
    'GET /api/v4/registry/repositories/5': [{ body: { ...row, size: 943_718_400 } }, { body: row }],
  });
  const { gitlab, asked } = world;
  expect(await gitlab.registrySize(5)).toBe(943_718_400);
  expect(await gitlab.registrySize(5)).toBeUndefined();
  expect(asked()[0]).toBe('GET /api/v4/registry/repositories/5?size=true');
});
