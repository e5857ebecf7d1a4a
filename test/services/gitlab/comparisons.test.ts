import { afterEach, expect, test } from 'vitest';
import { failureOf } from '../http/world.ts';
import { api, type GitLabWorld, gitlabWorld, type Routes } from './world.ts';

let world: GitLabWorld | undefined;
afterEach(() => world?.close());

async function connected(routes: Routes) {
  world = await gitlabWorld(routes);
  return world;
}

const commit = {
  id: 'b'.repeat(40),
  title: 'Cache the \u001B[31mlayers',
  committed_date: '2026-11-24T12:00:00.000+02:00',
};
const diff = (old_path: string, new_path = old_path) => ({ old_path, new_path, diff: '@@ -1 +1 @@' });

test('a comparison is its commits and its paths, of renamed files both', async () => {
  const body = { commits: [commit], diffs: [diff('b.py'), diff('a.py', 'c.py'), diff('b.py')] };
  const { gitlab, asked } = await connected({ [`GET ${api}/repository/compare`]: { body } });
  expect(await gitlab.compare({ from: 'a'.repeat(40), to: 'feature/x' })).toEqual({
    commits: [{ sha: 'b'.repeat(40), title: 'Cache the layers', at: '2026-11-24T10:00:00.000Z' }],
    paths: ['a.py', 'b.py', 'c.py'],
    isWhole: true,
  });
  expect(asked()).toEqual([`GET ${api}/repository/compare?from=${'a'.repeat(40)}&to=feature%2Fx`]);
});

test('a comparison that GitLab cut is not whole', async () => {
  const slow = { commits: [], diffs: [], compare_timeout: true };
  const many = { commits: [], diffs: Array.from({ length: 1_000 }, (_, index) => diff(`${index}.py`)) };
  const { gitlab } = await connected({ [`GET ${api}/repository/compare`]: [{ body: slow }, { body: many }] });
  expect((await gitlab.compare({ from: 'a', to: 'b' }))?.isWhole).toBe(false);
  expect((await gitlab.compare({ from: 'a', to: 'b' }))?.isWhole).toBe(false);
});

test('commits and merge requests that are gone are undefined, anything else fails', async () => {
  const { gitlab } = await connected({
    [`GET ${api}/merge_requests/1`]: { body: { diff_refs: { base_sha: 'c'.repeat(40) } } },
    [`GET ${api}/merge_requests/2`]: { body: { diff_refs: null } },
    [`GET ${api}/merge_requests/4`]: { status: 403, body: { message: '403 Forbidden' } },
    [`GET ${api}/repository/compare`]: [
      { status: 404, body: { message: '404 Ref Not Found' } },
      { body: { commits: 'none' } },
    ],
  });
  expect(await gitlab.mergeRequestBase(1)).toBe('c'.repeat(40));
  expect(await gitlab.mergeRequestBase(2)).toBeUndefined();
  expect(await gitlab.mergeRequestBase(3)).toBeUndefined();
  expect((await failureOf(gitlab.mergeRequestBase(4))).status).toBe(403);
  expect(await gitlab.compare({ from: 'a', to: 'b' })).toBeUndefined();
  expect((await failureOf(gitlab.compare({ from: 'a', to: 'b' }))).code).toBe('unexpected-shape');
});

test('what two commits have in common is asked for both; nothing where one is gone or they share none', async () => {
  const { gitlab, asked } = await connected({
    [`GET ${api}/repository/merge_base`]: [
      { body: commit },
      { status: 404, body: { message: '404 Merge Base Not Found' } },
      { status: 400, body: { message: 'Could not find ref: x' } },
      { status: 403, body: { message: '403 Forbidden' } },
    ],
  });
  expect(await gitlab.mergeBase(['a', 'feature/x'])).toBe('b'.repeat(40));
  expect(asked()).toEqual([`GET ${api}/repository/merge_base?refs%5B%5D=a&refs%5B%5D=feature%2Fx`]);
  expect(await gitlab.mergeBase(['a', 'b'])).toBeUndefined();
  expect(await gitlab.mergeBase(['a', 'x'])).toBeUndefined();
  expect((await failureOf(gitlab.mergeBase(['a', 'b']))).status).toBe(403);
});
