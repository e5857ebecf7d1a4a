import { expect, test } from 'vitest';
import { connected, projectRow, token } from './world.ts';

test('the project, by its path once and by its number after', async () => {
  const { gitlab, server } = await connected({
    'GET /api/v4/projects/7': { body: { ...projectRow, archived: true } },
  });
  const [first] = await Promise.all([gitlab.project(), gitlab.project()]);
  expect(first).toEqual({
    id: 7,
    path: 'tinyland/ai/huskycat',
    defaultBranch: 'main',
    webUrl: 'https://gitlab.example/tinyland/ai/huskycat',
    visibility: 'private',
    archived: false,
    accessLevel: 40,
  });
  expect((await gitlab.project()).archived).toBe(true);
  expect(server.asked.map(({ path }) => path)).toEqual([
    '/api/v4/projects/tinyland%2Fai%2Fhuskycat',
    '/api/v4/projects/7',
  ]);
  expect(server.asked.every(({ headers }) => headers.authorization === `Bearer ${token}`)).toBe(true);
});

test('a server under a sub-path, whose project was renamed', async () => {
  const { gitlab, server } = await connected(
    {
      'GET /api/v4/projects/tinyland%2Fai%2Fhuskycat': {
        status: 301,
        headers: { location: '/gitlab/api/v4/projects/7' },
      },
      'GET /api/v4/projects/7': { body: { ...projectRow, path_with_namespace: 'tinyland/new' } },
    },
    { subPath: '/gitlab' },
  );
  expect((await gitlab.project()).path).toBe('tinyland/new');
  expect(server.asked[1]?.headers.authorization).toBe(`Bearer ${token}`);
});

test('one who leaves does not stop the look-up for the other', async () => {
  const { gitlab, activity } = await connected({});
  const leaving = new AbortController();
  const left = gitlab.project(leaving.signal);
  const stayed = gitlab.project();
  leaving.abort();
  await expect(left).rejects.toMatchObject({ name: 'AbortError' });
  expect((await stayed).id).toBe(7);
  expect(activity.list()).toHaveLength(1);
});
