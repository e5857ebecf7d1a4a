import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, huskycat, openGitLab, rows } from './server.ts';

let gitlab: Client;
beforeAll(async () => {
  gitlab = await openGitLab();
});
afterAll(() => gitlab.server.stop());

const compare = `projects/${huskycat}/repository/compare`;
const titles = (list: unknown) => (list as readonly { title: string }[]).map(({ title }) => title);
const paths = (list: unknown) => (list as readonly { new_path: string }[]).map(({ new_path }) => new_path);

test('a comparison counts from the common ancestor, oldest commit first', async () => {
  const { json } = await gitlab.get(`${compare}?from=main&to=feature/json-lines`);
  expect(titles(json.commits)).toEqual(['Check JSON lines', 'Test the check of JSON lines']);
  expect(paths(json.diffs).sort()).toEqual(['src/huskycat/validate.py', 'tests/test_validate.py']);
});

test('straight, it has what the other side did meanwhile too', async () => {
  const { json } = await gitlab.get(`${compare}?from=main&to=feature/json-lines&straight=true`);
  expect(paths(json.diffs)).toContain('CHANGELOG.md');
});

test('the same commit differs in nothing, and what is not there is 404', async () => {
  const same = await gitlab.get(`${compare}?from=main&to=main`);
  expect([same.json.commits, same.json.diffs, same.json.compare_same_ref]).toEqual([[], [], true]);
  expect((await gitlab.get(`${compare}?from=main&to=nowhere`)).status).toBe(404);
  expect((await gitlab.get(`${compare}?from=main`)).status).toBe(400);
});

test('a merge request says which commit its changes are counted from', async () => {
  const { json } = await gitlab.get(`projects/${huskycat}/merge_requests/1`);
  const refs = json.diff_refs as unknown as { base_sha: string; head_sha: string };
  const [first] = rows(
    await gitlab.get(`projects/${huskycat}/repository/commits?ref_name=feature/json-lines`),
  );
  expect(refs.head_sha).toBe(first?.id);
  const { json: commits } = await gitlab.get(`${compare}?from=${refs.base_sha}&to=${refs.head_sha}`);
  expect(titles(commits.commits)).toHaveLength(2);
});

test('the newest commit that two refs have in common', async () => {
  const base = `projects/${huskycat}/repository/merge_base`;
  const { json } = await gitlab.get(`${base}?refs[]=main&refs[]=feature/json-lines`);
  expect(json.title).toBe('Name the platforms that have a binary');
  const tag = await gitlab.get(`${base}?refs[]=main&refs[]=v2.0.0-beta.1`);
  expect(tag.json.title).toBe('Release 2.0.0-beta.1');
  const alone = await gitlab.get(`${base}?refs[]=main`);
  expect([alone.status, alone.json.message]).toEqual([400, 'Provide at least 2 refs']);
  const nowhere = await gitlab.get(`${base}?refs[]=main&refs[]=nowhere`);
  expect([nowhere.status, nowhere.json.message]).toEqual([400, 'Could not find ref: nowhere']);
});
