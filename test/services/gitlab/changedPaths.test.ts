import { afterEach, expect, test } from 'vitest';
import { readChangedPaths } from '../../../source/services/gitlab/changedPaths.ts';
import { failureOf } from '../http/world.ts';
import { api, type GitLabWorld, gitlabWorld, pipelineRow, type Routes } from './world.ts';

let world: GitLabWorld | undefined;
afterEach(() => world?.close());

const [zeros, before, sha] = ['0'.repeat(40), 'b'.repeat(40), 'a'.repeat(40)];
const compare = `GET ${api}/repository/compare`;
const diffs = [{ old_path: 'src/a.py', new_path: 'src/b.py', diff: '' }];

/** What rules:changes of a pipeline looked at, as the service reads it. */
async function changedOf(row: object, routes: Routes = {}) {
  world = await gitlabWorld({
    [`GET ${api}/pipelines/5`]: { body: { ...pipelineRow(5), sha, ...row } },
    ...routes,
  });
  const { gitlab } = world;
  return readChangedPaths(gitlab, await gitlab.pipeline(5));
}

test('a push is compared from end to end, not from a common ancestor', async () => {
  const body = { commits: [], diffs };
  expect(
    await changedOf({ source: 'push', ref: 'main', before_sha: before }, { [compare]: { body } }),
  ).toEqual({
    is: 'known',
    since: before,
    paths: ['src/a.py', 'src/b.py'],
  });
  expect(world?.asked()).toContain(`${compare}?from=${before}&to=${sha}&straight=true`);
});

test('a merge request is compared with its base', async () => {
  const found = await changedOf(
    { source: 'merge_request_event', ref: 'refs/merge-requests/7/head', before_sha: zeros },
    {
      [`GET ${api}/merge_requests/7`]: { body: { diff_refs: { base_sha: before } } },
      [compare]: { body: { commits: [], diffs } },
    },
  );
  expect(found).toMatchObject({ is: 'known', since: before });
  expect(world?.asked()).toContain(`${compare}?from=${before}&to=${sha}`);
});

test.each([
  ['a new branch', { source: 'push', ref: 'main', before_sha: zeros }],
  ['a pipeline by hand', { source: 'web', ref: 'main', before_sha: sha }],
  ['a tag', { source: 'push', ref: 'v1.0.0', tag: true, before_sha: before }],
  ['a server that does not tell', { source: 'schedule', ref: 'main', before_sha: null }],
])('%s has nothing to compare with, and nothing is asked', async (_, row) => {
  expect(await changedOf(row)).toEqual({ is: 'none' });
  expect(world?.asked()).toEqual([`GET ${api}/pipelines/5`]);
});

const push = { source: 'push', ref: 'main', before_sha: before };

test.each<[string, object, Routes, RegExp]>([
  [
    'a merged result',
    { source: 'merge_request_event', ref: 'refs/merge-requests/7/merge' },
    {},
    /merge with the target/,
  ],
  [
    'a merge request that is gone',
    { ref: 'refs/merge-requests/7/head' },
    {},
    /where its merge request began/,
  ],
  ['a commit that is gone', push, {}, /bbbbbbbb or aaaaaaaa is not there any more/],
  [
    'a change that was cut',
    push,
    { [compare]: { body: { commits: [], diffs, compare_timeout: true } } },
    /not list all/,
  ],
  ['a role that may not', push, { [compare]: { status: 403, body: { message: '403 Forbidden' } } }, /403/],
])('%s is said', async (_, row, routes, because) => {
  expect(await changedOf(row, routes)).toEqual({ is: 'unread', because: expect.stringMatching(because) });
});

test('a server that is away is a failure, to be asked again', async () => {
  const away = changedOf(push, { [compare]: { status: 503, body: 'away' } });
  expect((await failureOf(away)).kind).toBe('unavailable');
});
