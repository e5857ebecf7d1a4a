import { afterEach, beforeEach, expect, test } from 'vitest';
import { children, parent, partsOf, pushed, until } from './bridgeWorld.ts';
import { type Client, huskycat, type Json, openGitLab, rows } from './server.ts';

let gitlab: Client;
beforeEach(async () => {
  gitlab = await openGitLab();
});
afterEach(() => gitlab.server.stop());

const project = `projects/${huskycat}`;
const statusOf = async (pipeline: unknown) =>
  (await gitlab.get(`${project}/pipelines/${pipeline}`)).json.status;
const is = (pipeline: unknown, status: string) => async () => String(await statusOf(pipeline)) === status;
const act = (job: Json | undefined, verb: string) =>
  gitlab.call('POST', `${project}/jobs/${job?.id}/${verb}`, {});
const time = (one: Json | undefined, name: string): number => Date.parse(String(one?.[name]));

/** Waits for a bridge's pipeline; gives its id. */
async function childOf(pipeline: number, bridge: string): Promise<number> {
  const child = async () => (await partsOf(gitlab, pipeline))[bridge]?.downstream_pipeline?.id;
  await until(gitlab, async () => (await child()) !== undefined);
  return Number(await child());
}

test('a bridge starts a child pipeline of the same commit, and lasts as long where it depends on it', async () => {
  const id = await pushed(gitlab, 'children', parent, children);
  const docs = await childOf(id, 'docs');
  expect((await partsOf(gitlab, id)).docs).toMatchObject({ status: 'success' });
  const child = await childOf(id, 'checks');
  const { json: before } = await gitlab.get(`${project}/pipelines/${id}`);
  expect((await gitlab.get(`${project}/pipelines/${child}`)).json).toMatchObject({
    source: 'parent_pipeline',
    ref: 'children',
    sha: before.sha,
  });
  expect(Object.keys(await partsOf(gitlab, child)).sort()).toEqual(['system', 'unit']);
  await until(gitlab, is(child, 'running'));
  expect((await partsOf(gitlab, id)).checks).toMatchObject({ status: 'running', finished_at: null });
  await until(gitlab, is(id, 'success'));
  const [parts, inner] = [await partsOf(gitlab, id), await partsOf(gitlab, child)];
  expect(parts.checks).toMatchObject({
    status: 'success',
    downstream_pipeline: { id: child, status: 'success' },
  });
  expect(time(parts.checks, 'finished_at')).toBe(time(inner.system, 'finished_at'));
  expect(time(parts.deploy, 'started_at')).toBeGreaterThanOrEqual(time(inner.system, 'finished_at'));
  expect(await statusOf(docs)).toBe('success');
});

test('child pipelines are in no list but their own, and bridges are no jobs', async () => {
  const id = await pushed(gitlab, 'children', parent, children);
  const child = await childOf(id, 'docs');
  const ids = async (query: string) =>
    rows(await gitlab.get(`${project}/pipelines${query}`)).map((one) => Number(one.id));
  expect(await ids('?ref=children')).toEqual([id]);
  expect(await ids('?source=parent_pipeline')).toContain(child);
  expect((await gitlab.get(`${project}/pipelines/latest?ref=children`)).json.id).toBe(id);
  const { docs } = await partsOf(gitlab, id);
  expect((await gitlab.get(`${project}/jobs/${docs?.id}`)).status).toBe(404);
  expect((await gitlab.get(`${project}/jobs/${docs?.id}/trace`)).status).toBe(404);
  expect((await act(docs, 'cancel')).status).toBe(404);
  expect(rows(await gitlab.get(`${project}/pipelines/${id}/bridges?scope[]=running`))).toEqual([]);
});

test('a child that fails fails its bridge; begun again, the bridge goes on with it', async () => {
  const id = await pushed(gitlab, 'failing', parent, {
    ...children,
    'ci/checks.yml': 'sign: {script: [security import certificate.p12]}\nother: {script: [make]}\n',
  });
  const child = await childOf(id, 'checks');
  await until(gitlab, is(child, 'failed'));
  expect((await partsOf(gitlab, id)).checks).toMatchObject({
    status: 'failed',
    failure_reason: 'unknown_failure',
  });
  expect(await statusOf(id)).toBe('failed');
  await act((await partsOf(gitlab, child)).sign, 'retry');
  const { checks } = await partsOf(gitlab, id);
  expect(checks).toMatchObject({ status: 'running', finished_at: null });
  expect(checks?.failure_reason).toBeUndefined();
  expect((await partsOf(gitlab, id)).deploy?.status).toBe('created');
  await until(gitlab, is(id, 'failed'));
});

test('canceling a pipeline cancels its children, and a bridge that is retried starts another one', async () => {
  const id = await pushed(gitlab, 'canceled', parent, children);
  const first = await childOf(id, 'checks');
  await gitlab.call('POST', `${project}/pipelines/${id}/cancel`, {});
  expect([await statusOf(first), (await partsOf(gitlab, id)).checks?.status]).toEqual([
    'canceled',
    'canceled',
  ]);
  const before = (await partsOf(gitlab, id)).checks;
  const { status, json } = await act(before, 'retry');
  expect([status, json.downstream_pipeline]).toEqual([201, null]);
  expect(json.id).not.toBe(before?.id);
  const second = await childOf(id, 'checks');
  expect(second).not.toBe(first);
  await until(gitlab, is(second, 'success'));
  expect((await partsOf(gitlab, id)).checks?.status).toBe('success');
  expect(await statusOf(first)).toBe('canceled');
});

test.each([
  ['a file that is not there', 'trigger: {include: nowhere.yml}', 'downstream_pipeline_creation_failed'],
  ['rules that leave nothing', 'trigger: {include: ci/empty.yml}', 'downstream_pipeline_creation_failed'],
  [
    'a configuration that a job makes',
    'trigger: {include: [{artifact: a.yml, job: make}]}',
    'downstream_pipeline_creation_failed',
  ],
  ['a project that nobody sees', 'trigger: tinyland/elsewhere', 'downstream_bridge_project_not_found'],
  [
    'a branch that is not there',
    'trigger: {project: tinyland/ai/huskycat, branch: none}',
    'downstream_pipeline_creation_failed',
  ],
])('a bridge to %s fails with the reason', async (_, trigger, reason) => {
  const configuration = `make: {script: [make]}\nbridge:\n  stage: deploy\n  ${trigger}\n`;
  const empty = 'none: {script: [make], rules: [{when: never}]}\n';
  const id = await pushed(gitlab, 'broken', configuration, { 'ci/empty.yml': empty });
  await until(gitlab, is(id, 'failed'));
  expect((await partsOf(gitlab, id)).bridge).toMatchObject({
    status: 'failed',
    failure_reason: reason,
    downstream_pipeline: null,
  });
});

test('pipelines of a project that start each other end, as do children of children', async () => {
  const loop = 'again: {trigger: {project: tinyland/ai/huskycat, branch: loop}}\n';
  const id = await pushed(gitlab, 'loop', loop);
  const second = await childOf(id, 'again');
  expect((await gitlab.get(`${project}/pipelines/${second}`)).json).toMatchObject({
    source: 'pipeline',
    ref: 'loop',
  });
  const third = await childOf(second, 'again');
  await until(gitlab, is(third, 'failed'));
  expect((await partsOf(gitlab, third)).again?.failure_reason).toBe('pipeline_loop_detected');
  const nested = (file: string) => `deeper: {trigger: {include: ci/${file}.yml}}\n`;
  const deep = await pushed(gitlab, 'deep', nested('a'), {
    'ci/a.yml': nested('b'),
    'ci/b.yml': nested('a'),
  });
  const grandchild = await childOf(await childOf(deep, 'deeper'), 'deeper');
  await until(gitlab, is(grandchild, 'failed'));
  expect((await partsOf(gitlab, grandchild)).deeper?.failure_reason).toBe(
    'reached_max_descendant_pipelines_depth',
  );
});

test('GraphQL tells what a pipeline started, and what started it', async () => {
  const id = await pushed(gitlab, 'children', parent, children);
  const child = await childOf(id, 'checks');
  const ask = async (pipeline: number, fields: string) => {
    const query = `{ project(fullPath: "tinyland/ai/huskycat") { pipeline(id: "gid://gitlab/Ci::Pipeline/${pipeline}") { ${fields} } } }`;
    const { json } = await gitlab.call('POST', '/api/graphql', { query });
    expect(json.errors).toBeUndefined();
    return json.data?.project?.pipeline;
  };
  const gid = (pipeline: number) => `gid://gitlab/Ci::Pipeline/${pipeline}`;
  const above = await ask(
    id,
    'child upstream { id } downstream { nodes { id } } jobs(jobKind: BRIDGE) { nodes { id name kind downstreamPipeline { id } } }',
  );
  expect(above).toMatchObject({ child: false, upstream: null });
  expect(rows({ json: above?.downstream?.nodes ?? ({} as Json) })).toContainEqual({ id: gid(child) });
  const bridges = rows({ json: above?.jobs?.nodes ?? ({} as Json) });
  expect(bridges.map(({ name }) => String(name)).sort()).toEqual(['checks', 'docs']);
  expect(bridges.find(({ name }) => String(name) === 'checks')).toMatchObject({
    id: expect.stringMatching(/Ci::Bridge/),
    kind: 'BRIDGE',
    downstreamPipeline: { id: gid(child) },
  });
  const below = await ask(child, 'child source upstream { id } sourceJob { name } jobs { nodes { kind } }');
  expect(below).toMatchObject({
    child: true,
    source: 'parent_pipeline',
    upstream: { id: gid(id) },
    sourceJob: { name: 'checks' },
  });
});
