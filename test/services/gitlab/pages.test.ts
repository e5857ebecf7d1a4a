import { expect, test } from 'vitest';
import { failureOf } from '../http/world.ts';
import { api, connected, queryOf } from './world.ts';

test('10,000 variables over pages, linked only by Link, whose host is not followed', async () => {
  const { gitlab, server } = await connected({
    [`GET ${api}/variables`]: (asked) => {
      const page = Number(queryOf(asked).get('page') ?? 1);
      const body = Array.from({ length: 100 }, (_, index) => ({
        key: `KEY_${page}_${index}`,
        value: 'x',
        masked: false,
      }));
      const link = `<https://elsewhere.example/api/v4/x?page=${page + 1}&per_page=100>; rel="next", <https://elsewhere.example/?page=1>; rel="first"`;
      return { body, headers: page < 100 ? { link } : {} };
    },
    'GET /api/v4/groups/tinyland%2Fai/variables': { body: [] },
    'GET /api/v4/groups/tinyland/variables': { body: [] },
  });
  const { variables } = await gitlab.variables();
  expect(new Set(variables.map(({ key }) => key)).size).toBe(10_000);
  expect(server.asked.filter(({ path }) => path.startsWith(`${api}/variables`))).toHaveLength(100);
});

test('pages by X-Next-Page alone, and pages that never end', async () => {
  const { gitlab } = await connected({
    [`GET ${api}/protected_branches`]: (asked) =>
      queryOf(asked).get('page') === '2'
        ? { body: [{ name: 'v*' }], headers: { 'x-next-page': '' } }
        : { body: [{ name: 'main' }], headers: { 'x-next-page': '2' } },
    [`GET ${api}/protected_tags`]: { body: [] },
    [`GET ${api}/registry/repositories`]: { body: [], headers: { 'x-next-page': '2' } },
    [`GET ${api}/registry/repositories/3/tags`]: (asked) => ({
      body: [{ name: 'a' }],
      headers: { 'x-next-page': String(Number(queryOf(asked).get('page') ?? 1) + 1) },
    }),
  });
  expect(await gitlab.protections()).toEqual({ branches: ['main', 'v*'], tags: [] });
  expect((await failureOf(gitlab.registry())).saw).toMatch(/one that came before/);
  expect(await failureOf(gitlab.registryTags(3))).toMatchObject({
    code: 'too-many-pages',
    saw: 'more than 500 pages',
  });
});

test('a walk over pages stops when aborted', async () => {
  const controller = new AbortController();
  const { gitlab, asked } = await connected({
    [`GET ${api}/registry/repositories/3/tags`]: (request) => {
      const page = Number(queryOf(request).get('page') ?? 1);
      if (page === 3) controller.abort();
      return { body: [{ name: 'a' }], headers: { 'x-next-page': String(page + 1) } };
    },
  });
  await expect(gitlab.registryTags(3, controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(asked()).toHaveLength(3);
});
