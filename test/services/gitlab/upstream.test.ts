import { afterEach, expect, test } from 'vitest';
import type { Reply } from '../http/server.ts';
import { failureOf } from '../http/world.ts';
import { type GitLabWorld, gitlabWorld } from './world.ts';

let world: GitLabWorld | undefined;
afterEach(() => world?.close());

const bodies = (): { query: string }[] =>
  (world?.server.asked ?? [])
    .filter(({ path }) => path === '/api/graphql')
    .map(({ body }) => JSON.parse(body));

async function upstream(replies: readonly Reply[], iid = 42) {
  world = await gitlabWorld({ 'POST /api/graphql': replies });
  return world.gitlab.upstream({ iid });
}

const answer = (pipeline: unknown): Reply => ({ body: { data: { project: { pipeline } } } });
const parent = { id: 'gid://gitlab/Ci::Pipeline/901', project: { fullPath: 'tinyland/ai/other' } };

test('a pipeline that a bridge started, with the name of that', async () => {
  const reply = answer({ upstream: parent, sourceJob: { name: 'child \u001B[31mone' } });
  expect(await upstream([reply])).toEqual({ id: 901, project: 'tinyland/ai/other', bridge: 'child one' });
  expect(bodies()[0]?.query).toContain('upstream');
});

test('an older server is asked without the bridge, and a project may be hidden', async () => {
  const refusal = { body: { errors: [{ message: "Field 'sourceJob' doesn't exist on type 'Pipeline'" }] } };
  expect(await upstream([refusal, answer({ upstream: { ...parent, project: null } })])).toEqual({ id: 901 });
  expect(bodies().map(({ query }) => query.includes('sourceJob'))).toEqual([true, false]);
});

test.each([
  ['no upstream', answer({ upstream: null, sourceJob: null })],
  ['no pipeline', answer(null)],
  ['no number', answer({ upstream: { id: 'gid://gitlab/Ci::Pipeline/x' } })],
])('%s is none', async (_, reply) => {
  expect(await upstream([reply])).toBeUndefined();
});

test('a server that gives no number of its own for pipelines is not asked', async () => {
  expect(await upstream([], 0)).toBeUndefined();
  expect(bodies()).toEqual([]);
});

test('what is not understood is a failure', async () => {
  expect((await failureOf(upstream([answer({ upstream: 5 })]))).code).toBe('unexpected-shape');
});
