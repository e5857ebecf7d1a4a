import { expect, test } from 'vitest';
import { api, connected, jobRow, pipelineRow, queryOf } from './world.ts';

test('pipelines, newest first, as many as asked for', async () => {
  const { gitlab, asked } = await connected({
    [`GET ${api}/pipelines`]: (request) => {
      const page = Number(queryOf(request).get('page') ?? 1);
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
