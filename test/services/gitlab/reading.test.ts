import { afterEach, expect, test } from 'vitest';
import type { Asked, Reply } from '../http/server.ts';
import { everything, failureOf } from '../http/world.ts';
import {
  api,
  type GitLabWorld,
  gitlabWorld,
  jobRow,
  pipelineRow,
  projectRow,
  type Routes,
  token,
} from './world.ts';

let world: GitLabWorld | undefined;
afterEach(() => world?.close());

async function connected(routes: Routes, options?: Parameters<typeof gitlabWorld>[1]) {
  world = await gitlabWorld(routes, options);
  return world;
}

function query({ path }: Asked): URLSearchParams {
  return new URL(path, 'http://x').searchParams;
}

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

test('variables of the project and all groups above, without a value in sight', async () => {
  const value = 'correct-horse-battery';
  const { gitlab, redact, activity } = await connected({
    [`GET ${api}/variables`]: {
      body: [
        {
          key: 'APPLE_PASSWORD',
          variable_type: 'env_var',
          value,
          hidden: false,
          protected: true,
          masked: true,
          raw: true,
          environment_scope: 'production',
          description: 'for \u001B[31mnotary',
        },
        {
          key: 'HIDDEN',
          variable_type: 'env_var',
          value: null,
          hidden: true,
          masked: true,
          protected: false,
          raw: false,
          environment_scope: '*',
          description: null,
        },
        { key: 'OLD_SERVER', value: 'has $REF\nand lines', protected: false },
        { key: 'EMPTY', variable_type: 'file', value: '', protected: false, masked: false },
      ],
    },
    'GET /api/v4/groups/tinyland%2Fai/variables': { status: 403, body: { message: '403 Forbidden' } },
    'GET /api/v4/groups/tinyland/variables': {
      body: [
        { key: 'SHARED', value: 'plainvalue', masked: false, protected: false },
        { key: 'APPLE_CERTIFICATE_PASSWORD', value: 'un$masked horse', masked: false, protected: false },
      ],
    },
  });
  const listing = await gitlab.variables();
  const owner = { kind: 'project', path: 'tinyland/ai/huskycat' };
  expect(listing).toEqual({
    variables: [
      {
        key: 'APPLE_PASSWORD',
        type: 'env_var',
        masked: true,
        hidden: false,
        protected: true,
        raw: true,
        scope: 'production',
        description: 'for notary',
        owner,
        value: { empty: false, multiline: false, maskable: true, hasDollar: false },
      },
      {
        key: 'HIDDEN',
        type: 'env_var',
        masked: true,
        hidden: true,
        protected: false,
        raw: false,
        scope: '*',
        owner,
      },
      {
        key: 'OLD_SERVER',
        type: 'env_var',
        masked: false,
        hidden: false,
        protected: false,
        raw: false,
        scope: '*',
        owner,
        value: { empty: false, multiline: true, maskable: false, hasDollar: true },
      },
      {
        key: 'EMPTY',
        type: 'file',
        masked: false,
        hidden: false,
        protected: false,
        raw: false,
        scope: '*',
        owner,
        value: { empty: true, multiline: false, maskable: false, hasDollar: false },
      },
      expect.objectContaining({ key: 'SHARED', owner: { kind: 'group', path: 'tinyland' } }),
      expect.objectContaining({ key: 'APPLE_CERTIFICATE_PASSWORD', masked: false }),
    ],
    unreadable: [
      { owner: { kind: 'group', path: 'tinyland/ai' }, because: '403 Forbidden: needs the role Owner' },
    ],
  });
  expect(everything([listing, activity.list()])).not.toContain(value);
  expect(redact(`echo ${value}`)).toBe('echo [MASKED]');
  expect(redact('login un$masked horse')).toBe('login [MASKED]');
  expect(redact('plainvalue')).toBe('plainvalue');
});

test('a wrong shape of variables is named without quoting a value', async () => {
  const { gitlab } = await connected({
    [`GET ${api}/variables`]: {
      body: [{ key: 'A', value: { nested: 'correct-horse' }, masked: 'correct-horse' }],
    },
    'GET /api/v4/groups/tinyland%2Fai/variables': { body: [] },
    'GET /api/v4/groups/tinyland/variables': { body: [] },
  });
  const failure = await failureOf(gitlab.variables());
  expect(failure).toMatchObject({
    kind: 'bug',
    code: 'unexpected-shape',
    tried: 'GET projects/tinyland/ai/huskycat/variables',
  });
  expect(everything(failure)).not.toContain('correct-horse');
});

test('a personal project has no groups above; a scope that is missing everywhere is thrown', async () => {
  const personal = {
    ...projectRow,
    path_with_namespace: 'ada/tool',
    namespace: { kind: 'user', full_path: 'ada' },
  };
  const { gitlab, asked } = await connected({
    'GET /api/v4/projects/tinyland%2Fai%2Fhuskycat': { body: personal },
    [`GET ${api}/variables`]: { status: 403, body: { error: 'insufficient_scope', scope: 'read_api' } },
  });
  expect((await failureOf(gitlab.variables())).code).toBe('missing-scope');
  expect(asked()).toEqual([`GET ${api}/variables?per_page=100`]);
});

test('10,000 variables over pages, linked only by Link, whose host is not followed', async () => {
  const { gitlab, server } = await connected({
    [`GET ${api}/variables`]: (asked) => {
      const page = Number(query(asked).get('page') ?? 1);
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
      query(asked).get('page') === '2'
        ? { body: [{ name: 'v*' }], headers: { 'x-next-page': '' } }
        : { body: [{ name: 'main' }], headers: { 'x-next-page': '2' } },
    [`GET ${api}/protected_tags`]: { body: [] },
    [`GET ${api}/registry/repositories`]: { body: [], headers: { 'x-next-page': '2' } },
    [`GET ${api}/registry/repositories/3/tags`]: (asked) => ({
      body: [{ name: 'a' }],
      headers: { 'x-next-page': String(Number(query(asked).get('page') ?? 1) + 1) },
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
      const page = Number(query(request).get('page') ?? 1);
      if (page === 3) controller.abort();
      return { body: [{ name: 'a' }], headers: { 'x-next-page': String(page + 1) } };
    },
  });
  await expect(gitlab.registryTags(3, controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(asked()).toHaveLength(3);
});

test('pipelines, newest first, as many as asked for', async () => {
  const { gitlab, asked } = await connected({
    [`GET ${api}/pipelines`]: (request) => {
      const page = Number(query(request).get('page') ?? 1);
      const body = Array.from({ length: 100 }, (_, index) => pipelineRow(1_000 - (page - 1) * 100 - index));
      return { body, headers: { 'x-next-page': String(page + 1) } };
    },
  });
  const rows = await gitlab.pipelines({ limit: 130, ref: 'feature/x', status: 'success' });
  expect(rows).toHaveLength(130);
  expect(rows[0]).toEqual({
    id: 1000,
    iid: 900,
    projectId: 7,
    status: 'running',
    ref: 'main',
    sha: 'a'.repeat(40),
    source: 'push',
    createdAt: '2026-11-24T10:00:00.000Z',
    updatedAt: '2026-11-24T12:01:00.000Z',
    webUrl: 'https://gitlab.example/-/pipelines/1000',
  });
  expect(asked()).toEqual([
    `GET ${api}/pipelines?ref=feature%2Fx&status=success&per_page=100`,
    `GET ${api}/pipelines?ref=feature%2Fx&status=success&per_page=100&page=2`,
  ]);
});

test('a pipeline with a status of a newer server, and without what an older one lacks', async () => {
  const { gitlab } = await connected({
    [`GET ${api}/pipelines/900`]: {
      body: pipelineRow(900, {
        iid: undefined,
        source: undefined,
        status: 'levitating',
        tag: true,
        duration: 61,
        user: { username: 'ada' },
        yaml_errors: null,
        started_at: null,
      }),
    },
  });
  expect(await gitlab.pipeline(900)).toMatchObject({
    iid: 0,
    source: 'unknown',
    status: 'unknown',
    tag: true,
    duration: 61,
    user: 'ada',
  });
});

test('jobs and bridges, in the order of their ids', async () => {
  const { gitlab } = await connected({
    [`GET ${api}/pipelines/900/jobs`]: {
      body: [
        jobRow(12, 'test 2/2', {
          status: 'failed',
          failure_reason: 'script_failure',
          runner: null,
          tag_list: null,
        }),
        jobRow(11, 'test 1/2'),
      ],
    },
    [`GET ${api}/pipelines/900/bridges`]: {
      body: [
        {
          ...jobRow(10, 'deploy'),
          web_url: 'javascript:alert(1)',
          runner: undefined,
          artifacts: undefined,
          downstream_pipeline: pipelineRow(901, { source: 'parent_pipeline' }),
        },
      ],
    },
  });
  const jobs = await gitlab.jobs(900);
  expect(jobs.map(({ id, kind, name }) => [id, kind, name])).toEqual([
    [10, 'bridge', 'deploy'],
    [11, 'build', 'test 1/2'],
    [12, 'build', 'test 2/2'],
  ]);
  expect(jobs[0]).toMatchObject({
    downstream: { id: 901, source: 'parent_pipeline' },
    artifacts: [],
    webUrl: '',
  });
  expect(jobs[1]).toEqual({
    id: 11,
    name: 'test 1/2',
    stage: 'test',
    kind: 'build',
    status: 'success',
    allowFailure: false,
    createdAt: '2026-11-24T10:00:00.000Z',
    startedAt: '2026-11-24T10:00:10.000Z',
    finishedAt: '2026-11-24T10:01:00.500Z',
    duration: 50.5,
    queuedDuration: 1.25,
    webUrl: 'https://gitlab.example/-/jobs/11',
    tags: ['docker'],
    runner: { id: 4, description: 'honey' },
    artifacts: [{ type: 'trace', file: 'job.log', size: 12 }],
  });
  expect(jobs[2]).toMatchObject({ status: 'failed', failureReason: 'script_failure', tags: [] });
});

test('a file as it is, lint, registry and version', async () => {
  const { gitlab, asked } = await connected({
    [`GET ${api}/repository/files/.gitlab%2Fci%2Fbuild.yml`]: {
      body: {
        content: Buffer.from('a: "ü"\n').toString('base64'),
        encoding: 'base64',
        last_commit_id: 'c0ffee',
      },
    },
    [`GET ${api}/ci/lint`]: {
      body: {
        valid: false,
        errors: ['jobs:a \u001B[1mbad'],
        warnings: [],
        merged_yaml: '---\na:\n  script: x\u001B[2J\n',
        includes: [{ type: 'local', location: '.gitlab/ci/build.yml', blob: 'x', raw: 'x', extra: {} }],
        jobs: [
          { name: 'a', stage: 'test', needs: [{ name: 'b', artifacts: true, optional: false }] },
          { name: 'b', stage: 'build', needs: null },
        ],
      },
    },
    [`GET ${api}/registry/repositories`]: {
      body: [
        {
          id: 1,
          name: 'cache',
          path: 'tinyland/ai/huskycat/cache',
          location: 'registry.example/tinyland/ai/huskycat/cache',
          tags_count: 3,
        },
      ],
    },
    [`GET ${api}/registry/repositories/1/tags`]: { body: [{ name: 'main', path: 'p', location: 'l' }] },
    'GET /api/v4/metadata': { status: 404, body: { error: '404 Not Found' } },
    'GET /api/v4/version': { body: { version: '14.10.5', revision: 'abc' } },
  });
  expect(await gitlab.file('.gitlab/ci/build.yml', 'main')).toEqual({
    text: 'a: "ü"\n',
    lastCommit: 'c0ffee',
  });
  expect(await gitlab.lint({ ref: 'main', dryRun: true })).toEqual({
    valid: false,
    errors: ['jobs:a bad'],
    warnings: [],
    mergedYaml: '---\na:\n  script: x\n',
    includes: [{ type: 'local', location: '.gitlab/ci/build.yml' }],
    jobs: [
      { name: 'a', stage: 'test', needs: ['b'] },
      { name: 'b', stage: 'build' },
    ],
  });
  expect(await gitlab.registry()).toEqual([
    {
      id: 1,
      path: 'tinyland/ai/huskycat/cache',
      location: 'registry.example/tinyland/ai/huskycat/cache',
      tagCount: 3,
    },
  ]);
  expect(await gitlab.registryTags(1)).toEqual(['main']);
  expect(await gitlab.version()).toEqual({ version: '14.10.5' });
  expect(asked()).toContain(
    `GET ${api}/ci/lint?include_jobs=true&dry_run=true&content_ref=main&dry_run_ref=main`,
  );
  expect(asked()).toContain(`GET ${api}/repository/files/.gitlab%2Fci%2Fbuild.yml?ref=main`);
});

test('the rate limit and the clock of the last answer that told', async () => {
  const ahead = new Date(Date.now() + 3_600_000).toUTCString();
  const reset = Math.floor(Date.now() / 1000) + 60;
  const limits = {
    'ratelimit-limit': '2000',
    'ratelimit-remaining': '1990',
    'ratelimit-reset': String(reset),
  };
  const replies: Reply[] = [
    { body: [], headers: { ...limits, date: ahead } },
    { body: [], headers: { date: ahead } },
  ];
  const { gitlab } = await connected({ [`GET ${api}/pipelines`]: replies });
  expect(gitlab.rateLimit()).toBeUndefined();
  expect(gitlab.clockOffset()).toBe(0);
  await gitlab.pipelines({ limit: 1 });
  const offset = gitlab.clockOffset();
  expect(Math.abs(offset - 3_600_000)).toBeLessThan(2_000);
  await gitlab.pipelines({ limit: 1 });
  expect(gitlab.rateLimit()).toEqual({
    limit: 2000,
    remaining: 1990,
    resetsAt: new Date(reset * 1000).toISOString(),
  });
});
