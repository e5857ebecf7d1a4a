import { afterEach, describe, expect, test } from 'vitest';
import { type LogOptions, showLog } from '../../source/cli/log.ts';
import { type PipelineOptions, showPipeline } from '../../source/cli/pipeline.ts';
import { api, gitlabWorld, jobRow, pipelineRow, type Routes } from '../services/gitlab/world.ts';
import { failedJob } from '../unit/trace/samples.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function connected(routes: Routes) {
  const world = await gitlabWorld(routes);
  closing.push(world.close);
  const out: string[] = [];
  const err: string[] = [];
  const io = { stdout: (text: string) => void out.push(text), stderr: (text: string) => void err.push(text) };
  return { ...world, io, text: () => out.join(''), errors: () => err.join('') };
}

const now = () => Date.parse('2026-11-24T11:00:00.000Z');

function node(id: number, name: string, schedulingType: string, needs: readonly string[]) {
  return {
    id: `gid://gitlab/Ci::Build/${id}`,
    name,
    kind: 'BUILD',
    schedulingType,
    stage: { name: id === 1 ? 'build' : 'test' },
    needs: { nodes: needs.map((need) => ({ name: need })) },
  };
}

const graphql = {
  body: {
    data: {
      project: {
        pipeline: {
          id: 'gid://gitlab/Ci::Pipeline/142',
          iid: '42',
          usesNeeds: true,
          stages: { nodes: [{ name: 'build' }, { name: 'test' }] },
          jobs: {
            pageInfo: { hasNextPage: false, endCursor: null },
            nodes: [
              node(1, 'compile', 'stage', []),
              node(2, 'unit', 'dag', ['compile']),
              node(3, 'lint', 'dag', []),
            ],
          },
        },
      },
    },
  },
};

const compile = jobRow(1, 'compile', { stage: 'build' });
const unit = jobRow(2, 'unit', {
  started_at: '2026-11-24T10:01:02.000Z',
  finished_at: '2026-11-24T10:03:02.000Z',
  duration: 120,
});
const lint = jobRow(3, 'lint', { duration: 5, finished_at: '2026-11-24T10:00:15.000Z' });

function pipelineWorld(statuses: readonly string[], jobs: readonly (readonly object[])[]): Routes {
  return {
    [`GET ${api}/pipelines`]: { body: [pipelineRow(142)] },
    [`GET ${api}/pipelines/142`]: statuses.map((status) => ({
      body: pipelineRow(142, { status, created_at: '2026-11-24T10:00:00.000Z', duration: 180 }),
    })),
    [`GET ${api}/pipelines/142/jobs`]: jobs.map((rows) => ({ body: rows })),
    [`GET ${api}/pipelines/142/bridges`]: { body: [] },
    'POST /api/graphql': graphql,
  };
}

async function pipeline(routes: Routes, more: Partial<PipelineOptions> = {}) {
  const world = await connected(routes);
  const options = { watch: false, json: false, now, interval: 1, ...more };
  return { ...world, status: await showPipeline(world.gitlab, options, world.io) };
}

describe('pipeline', () => {
  test('shows stages, needs, durations and the critical path', async () => {
    const { status, text } = await pipeline(pipelineWorld(['success'], [[compile, unit, lint]]));
    expect(status).toBe(0);
    expect(text()).toContain('pipeline #142 success on main in 3m 00s: 3 jobs, needs from graphql');
    expect(text()).toMatch(/success {2}unit +2m 00s {2}#2 {2}needs compile/);
    expect(text()).toMatch(/success {2}lint +5s +#3 {2}starts at once/);
    expect(text()).toContain('critical path\n  10s to 1m 01s  compile');
    expect(text()).toContain('unit  after compile (needs)');
  });

  test('gives programs what is known and nothing else', async () => {
    const { text } = await pipeline(pipelineWorld(['success'], [[compile, unit, lint]]), {
      json: true,
      id: 142,
    });
    const answer = JSON.parse(text());
    expect(answer).toMatchObject({
      schema: 'huskycat-tui/pipeline@1',
      at: '2026-11-24T11:00:00.000Z',
      id: 142,
      status: 'success',
      edges: 'graphql',
      exact: true,
      stages: ['build', 'test'],
      criticalPath: [{ job: 'compile' }, { job: 'unit', waitedFor: 'compile', because: 'needs' }],
    });
    expect(answer.jobs.map(({ name, needs }: { name: string; needs: unknown }) => [name, needs])).toEqual([
      ['compile', null],
      ['lint', []],
      ['unit', [{ job: 'compile' }]],
    ]);
    expect(answer.jobs[0]).toMatchObject({ id: 1, duration: 50.5, queued: 1.25, slack: 0 });
    expect(answer.jobs[0]).not.toHaveProperty('failureReason');
  });

  test('a failure is exit status 1', async () => {
    expect((await pipeline(pipelineWorld(['failed'], [[compile]]))).status).toBe(1);
  });

  test('watching prints each change as a line, then the whole', async () => {
    const running = jobRow(2, 'unit', { status: 'running', finished_at: null, duration: null });
    const routes = pipelineWorld(
      ['running', 'running', 'failed'],
      [
        [compile, running],
        [compile, running],
        [compile, { ...unit, status: 'failed', failure_reason: 'script_failure' }],
      ],
    );
    const { status, text } = await pipeline(routes, { json: true, watch: true });
    expect(status).toBe(1);
    const lines = text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ event, name, status: state }) => [event, name, state])).toEqual([
      ['job', 'compile', 'success'],
      ['job', 'unit', 'running'],
      ['pipeline', undefined, 'running'],
      ['job', 'unit', 'failed'],
      ['pipeline', undefined, 'failed'],
      [undefined, undefined, 'failed'],
    ]);
    expect(lines.at(-1).schema).toBe('huskycat-tui/pipeline@1');
  });

  test('without a pipeline it says what to do', async () => {
    await expect(pipeline({ [`GET ${api}/pipelines`]: { body: [] } })).rejects.toMatchObject({
      code: 'no-pipeline',
    });
  });
});

describe('log', () => {
  const routes: Routes = {
    ...pipelineWorld(['failed'], [[compile, unit, lint]]),
    [`GET ${api}/jobs/2`]: { body: { ...unit, status: 'failed' } },
    [`GET ${api}/jobs/2/trace`]: { body: failedJob },
  };

  async function log(job: string, more: Partial<LogOptions> = {}) {
    const world = await connected(routes);
    const options = { job, follow: false, json: false, now, interval: 1, ...more };
    return { ...world, status: await showLog(world.gitlab, options, world.io) };
  }

  test('is clean text, by id or by name', async () => {
    const byId = await log('2');
    expect(byId.status).toBe(0);
    expect(byId.text()).toContain('Downloading 100%\nCompile\ncc -c a.c\n');
    expect(byId.text()).not.toMatch(/[\u001B\r]|section_/);
    expect((await log('unit')).text()).toBe(byId.text());
  });

  test('finds lines as grep does', async () => {
    const found = await log('unit', { search: 'expected' });
    expect(found.status).toBe(0);
    expect(found.text()).toMatch(/^\d+: a\.c:3: error: expected ;\n$/);
    expect((await log('unit', { search: 'no such text' })).status).toBe(1);
  });

  test('followed, its exit status is the job\u2019s', async () => {
    const followed = await log('unit', { follow: true });
    expect(followed.status).toBe(1);
    expect(followed.text()).toBe((await log('2')).text());
  });

  test('for programs: sections, first error and lines', async () => {
    const answer = JSON.parse((await log('unit', { json: true })).text());
    expect(answer).toMatchObject({
      schema: 'huskycat-tui/log@1',
      job: { id: 2, name: 'unit' },
      firstError: { text: 'a.c:3: error: expected ;' },
      lineCount: 16,
    });
    expect(answer.sections[0]).toEqual({ name: 'prepare_executor', line: 3, duration: 12 });
    expect(answer.lines).toHaveLength(16);
  });

  test('an unknown name is answered with those that there are', async () => {
    await expect(log('nothing')).rejects.toMatchObject({
      code: 'no-job',
      next: [expect.stringContaining('compile')],
    });
  });
});
