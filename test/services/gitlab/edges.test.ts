import { afterEach, expect, test } from 'vitest';
import type { PipelineJob } from '../../../source/core/gitlab/model.ts';
import type { Reply } from '../http/server.ts';
import { failureOf } from '../http/world.ts';
import { api, type GitLabWorld, gitlabWorld, jobRow, type Routes } from './world.ts';

let world: GitLabWorld | undefined;
afterEach(() => world?.close());

const pipeline = { id: 900, iid: 42, sha: 'f'.repeat(40) };

function job(id: number, name: string, stage: string): PipelineJob {
  return {
    id,
    name,
    stage,
    kind: 'build',
    status: 'created',
    allowFailure: false,
    createdAt: '2026-11-24T10:00:00Z',
    webUrl: '',
    tags: [],
    artifacts: [],
  };
}

const jobs = [
  job(1, 'lint', 'check'),
  job(2, 'test 1/2', 'test'),
  job(3, 'test 2/2', 'test'),
  job(4, 'quick', 'test'),
  job(5, 'build: [linux, amd64]', 'build'),
  job(6, 'deploy', 'deploy'),
];

function node(id: number, name: string, schedulingType: string | undefined, needs: readonly string[]) {
  const kind = name === 'deploy' ? 'Bridge' : 'Build';
  return {
    id: `gid://gitlab/Ci::${kind}/${id}`,
    name,
    ...(schedulingType === undefined ? {} : { schedulingType }),
    needs: { nodes: needs.map((one) => ({ name: one })) },
  };
}

const nodes = [
  node(1, 'lint', 'stage', []),
  node(2, 'test 1/2', 'stage', []),
  node(3, 'test 2/2', 'stage', []),
  node(4, 'quick', 'dag', []),
  node(5, 'build: [linux, amd64]', 'dag', ['test 1/2', 'test 2/2', 'absent optional']),
  node(6, 'deploy', 'dag', ['build: [linux, amd64]']),
];

const stages = ['check', 'test', 'build', 'deploy', 'empty'].map((name) => ({ name }));

function page(list: readonly unknown[], endCursor?: string): Reply {
  const pageInfo = { hasNextPage: endCursor !== undefined, endCursor: endCursor ?? null };
  return {
    body: {
      data: {
        project: {
          pipeline: { usesNeeds: true, stages: { nodes: stages }, jobs: { pageInfo, nodes: list } },
        },
      },
    },
  };
}

const needs = {
  lint: null,
  'test 1/2': null,
  'test 2/2': null,
  quick: [],
  'build: [linux, amd64]': ['test 1/2', 'test 2/2'],
  deploy: ['build: [linux, amd64]'],
};
const order = ['check', 'test', 'build', 'deploy'];

async function edges(routes: Routes, options?: Parameters<typeof gitlabWorld>[1]) {
  world = await gitlabWorld(routes, options);
  return world.gitlab.edges(pipeline, jobs);
}

test('by GraphQL, over all its pages; an empty needs is no stage order', async () => {
  const found = await edges({ 'POST /api/graphql': [page(nodes.slice(0, 3), 'c3'), page(nodes.slice(3))] });
  expect(found).toEqual({ source: 'graphql', exact: true, stages: order, needs });
  const [first, second] = world?.server.asked.filter(({ method }) => method === 'POST') ?? [];
  expect(JSON.parse(first?.body ?? '').variables).toEqual({
    path: 'tinyland/ai/huskycat',
    iid: '42',
    after: null,
  });
  expect(JSON.parse(second?.body ?? '').variables.after).toBe('c3');
});

test('jobs that GraphQL leaves out make the edges inexact', async () => {
  const found = await edges({ 'POST /api/graphql': page([...nodes.slice(0, 5), null]) });
  expect(found).toMatchObject({ source: 'graphql', exact: false, needs: { ...needs, deploy: null } });
});

test('joined by number before name', async () => {
  const found = await edges({
    'POST /api/graphql': page([
      ...nodes.slice(0, 5),
      node(6, 'renamed', 'dag', ['lint']),
      node(60, 'deploy', 'stage', []),
    ]),
  });
  expect(found.needs.deploy).toEqual(['lint']);
});

const unknownField: Reply = {
  body: { errors: [{ message: "Field 'schedulingType' doesn't exist on type 'CiJob'" }] },
};
const linted = {
  valid: true,
  errors: [],
  merged_yaml: '---\nstages: [check, test, build, deploy]\n',
  jobs: [
    { name: 'lint', stage: 'check', needs: null },
    { name: 'test 1/2', stage: 'test' },
    { name: 'quick', stage: 'test', needs: [] },
    {
      name: 'build: [linux, amd64]',
      stage: 'build',
      needs: [{ name: 'test 1/2' }, { name: 'test 2/2' }, { name: 'not in it' }],
    },
    { name: 'deploy', stage: 'deploy', needs: [{ name: 'build: [linux, amd64]' }] },
    { name: 'not in it', stage: 'test' },
  ],
};

test('an older server: the reduced document, and lint tells which empty needs start at once', async () => {
  const reduced = page(nodes.map(({ schedulingType: _, ...rest }) => rest));
  const found = await edges({
    'POST /api/graphql': [unknownField, reduced],
    [`GET ${api}/ci/lint`]: { body: linted },
  });
  expect(found).toEqual({ source: 'graphql', exact: false, stages: order, needs });
  expect(world?.server.asked.at(-2)?.body).not.toContain('schedulingType');
});

test.each<[string, Reply]>([
  ['refused', { status: 403, body: { error: 'insufficient_granular_scope', error_description: 'lacks' } }],
  [
    'too complex',
    { body: { errors: [{ message: 'Query has complexity of 252, which exceeds max complexity of 250' }] } },
  ],
  ['blind', { body: { data: { project: { pipeline: null } } } }],
])('GraphQL %s: the needs of the linted configuration of that commit', async (_, reply) => {
  const found = await edges({ 'POST /api/graphql': reply, [`GET ${api}/ci/lint`]: { body: linted } });
  expect(found).toEqual({ source: 'lint', exact: false, stages: order, needs });
  expect(world?.asked().at(-1)).toBe(
    `GET ${api}/ci/lint?include_jobs=true&dry_run=false&content_ref=${pipeline.sha}`,
  );
});

test('a job token asks no GraphQL', async () => {
  const found = await edges({ [`GET ${api}/ci/lint`]: { body: linted } }, { tokenKind: 'job' });
  expect(found.source).toBe('lint');
  expect(world?.asked()).toHaveLength(1);
});

test('nothing better than stage order, by the age of the stages with retried jobs', async () => {
  const found = await edges({
    'POST /api/graphql': { status: 404, body: 'no' },
    [`GET ${api}/ci/lint`]: { status: 403, body: { message: '403 Forbidden' } },
    [`GET ${api}/pipelines/900/jobs`]: {
      body: [jobRow(20, 'lint', { stage: 'check' }), jobRow(19, 'old', { stage: '.pre' })],
    },
  });
  expect(found).toEqual({
    source: 'stages',
    exact: false,
    stages: ['.pre', 'check', 'test', 'build', 'deploy'],
    needs: Object.fromEntries(jobs.map(({ name }) => [name, null])),
  });
  expect(world?.asked().at(-1)).toContain('include_retried=true');
});

test('a server that is away now is a failure, not stage order for good', async () => {
  world = await gitlabWorld({
    'POST /api/graphql': { status: 429, headers: { 'retry-after': '60' }, body: 'Retry later' },
    [`GET ${api}/ci/lint`]: { status: 429, headers: { 'retry-after': '60' }, body: 'Retry later' },
  });
  expect((await failureOf(world.gitlab.edges(pipeline, jobs))).code).toBe('rate-limited');
});
