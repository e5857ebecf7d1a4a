import { expect, test } from 'vitest';
import { Unavailable } from '../../source/core/failure.ts';
import type { PipelineSummary, RateLimit } from '../../source/core/gitlab/model.ts';
import { type PastMemory, type PastSource, readPast } from '../../source/monitor/speedPast.ts';

const hour = 3_600_000;
const now = Date.UTC(2026, 10, 24, 12);
const files = { copied: [] };

function summary(id: number, more: Partial<PipelineSummary> = {}): PipelineSummary {
  const createdAt = new Date(now - (1_000 - id) * hour).toISOString();
  const sha = String(id).padStart(40, '0');
  return { id, iid: id, status: 'success', ref: 'main', sha, source: 'push', createdAt, webUrl: '', ...more };
}

interface Asked {
  readonly calls: string[];
  readonly gitlab: PastSource;
}

/** A GitLab of these pipelines, newest first, that writes down what it is asked. */
function gitlab(rows: readonly PipelineSummary[], more: Partial<PastSource> = {}): Asked {
  const calls: string[] = [];
  const short = (sha: string): string => String(Number(sha));
  return {
    calls,
    gitlab: {
      pipelines: ({ limit, ref }) => {
        calls.push(`list ${limit}`);
        return Promise.resolve(rows.filter((one) => ref === undefined || one.ref === ref).slice(0, limit));
      },
      jobs: (id) => {
        calls.push(`jobs ${id}`);
        return Promise.resolve([]);
      },
      pipeline: (id) => {
        calls.push(`pipeline ${id}`);
        return Promise.resolve({ ...(rows.find((one) => one.id === id) ?? summary(id)), tag: false });
      },
      compare: ({ from, to, straight }) => {
        calls.push(`compare ${short(from)} ${short(to)}${straight ? ' straight' : ''}`);
        return Promise.resolve({ commits: [], paths: ['src/a.py'], isWhole: true });
      },
      mergeRequestBase: (iid) => {
        calls.push(`base !${iid}`);
        return Promise.resolve('7'.padStart(40, '0'));
      },
      rateLimit: () => undefined,
      ...more,
    },
  };
}

const memory = (): PastMemory => ({ pipelines: new Map(), jobs: new Map(), comparisons: new Map() });
const all = { from: now - 1_000 * hour, files };

function newest(...ids: number[]): PipelineSummary[] {
  return ids.map((id) => summary(id));
}

test('a pipeline is compared with the one before it on its ref; the first is clean, the same commit is not known', async () => {
  const rows = [
    summary(906, { sha: summary(905).sha, source: 'schedule' }),
    summary(905),
    summary(904, { ref: 'feature' }),
    summary(903, { status: 'running' }),
    summary(902, { status: 'skipped' }),
    summary(901),
  ];
  const { gitlab: source, calls } = gitlab(rows);
  const { pipelines, since, notes } = await readPast(source, all, memory());
  expect(pipelines.map(({ summary: { id }, kind }) => `${id} ${kind}`)).toEqual([
    '901 clean',
    '904 clean',
    '905 python',
    '906 unknown',
  ]);
  expect(calls.filter((call) => call.startsWith('compare'))).toEqual(['compare 903 905 straight']);
  expect(since).toBe(now - 99 * hour);
  expect(notes).toEqual([]);
});

test('a merge request counts from where it began', async () => {
  const ref = 'refs/merge-requests/12/head';
  const { gitlab: source, calls } = gitlab([summary(910, { ref }), summary(909, { ref })]);
  await readPast(source, all, memory());
  expect(calls).toContain('base !12');
  expect(calls).toContain('compare 7 910');
});

test('what was read once is not asked again', async () => {
  const { gitlab: source, calls } = gitlab(newest(905, 904, 903));
  const kept = memory();
  const first = await readPast(source, all, kept);
  calls.length = 0;
  expect(await readPast(source, all, kept)).toEqual(first);
  expect(calls).toEqual(['list 200']);
});

test('at most 120 pipelines are read, and the window says so', async () => {
  const rows = newest(...Array.from({ length: 150 }, (_, index) => 950 - index));
  const { gitlab: source, calls } = gitlab(rows);
  const { pipelines, since, notes } = await readPast(source, all, memory());
  expect(pipelines).toHaveLength(120);
  expect(calls.length).toBeLessThanOrEqual(1 + 120 * 2);
  expect(since).toBe(Date.parse(summary(831).createdAt));
  expect(notes).toEqual(['Only the newest 120 pipelines were read.']);
  // What came before it is known, although it is not read itself.
  expect(pipelines[0]?.kind).toBe('python');
});

test('the oldest of its branch in a cut list is clean only when a push began the branch', async () => {
  const rows = newest(...Array.from({ length: 200 }, (_, index) => 950 - index));
  const { gitlab: source } = gitlab(rows.map((row, index) => (index === 3 ? { ...row, ref: 'x' } : row)));
  const { pipelines } = await readPast(source, { ...all, from: now - 60 * hour }, memory());
  expect(pipelines.find(({ summary: { ref } }) => ref === 'x')?.kind).toBe('clean');
  // It was started by hand: nothing says what was there before.
  const web = rows.map((row, index) => (index === 3 ? { ...row, ref: 'x', source: 'web' } : row));
  const { pipelines: others } = await readPast(gitlab(web).gitlab, all, memory());
  expect(others.find(({ summary: { ref } }) => ref === 'x')?.kind).toBe('unknown');
});

test('without an earlier pipeline, GitLab says what the branch was at before the push', async () => {
  const { gitlab: source, calls } = gitlab(newest(905), {
    pipeline: (id) => Promise.resolve({ ...summary(id), tag: false, beforeSha: summary(880).sha }),
  });
  const { pipelines } = await readPast(source, all, memory());
  expect(calls).toContain('compare 880 905 straight');
  expect(pipelines[0]?.kind).toBe('python');
});

test('a tag is what GitLab calls one, whatever its name', async () => {
  const rows = [summary(905, { ref: 'nightly' }), summary(904, { ref: '2.1-stable' })];
  const { gitlab: source } = gitlab(rows, {
    pipeline: (id) => Promise.resolve({ ...summary(id), tag: id === 905 }),
  });
  const { pipelines } = await readPast(source, all, memory());
  expect(pipelines.map(({ kind, because }) => `${kind}: ${because}`)).toEqual([
    'clean: the first pipeline of its branch, whose caches are empty',
    'other: a tag: it runs the jobs of a release',
  ]);
});

test('the first pipeline of a merge request has what it changes: of documents alone it is no clean build', async () => {
  const ref = 'refs/merge-requests/12/head';
  const commits = [{ sha: 'a'.repeat(40), title: 'Cache container layers', at: '2026-11-24T00:00:00Z' }];
  const of = (path: string) =>
    gitlab([summary(910, { ref })], {
      compare: () => Promise.resolve({ commits, paths: [path], isWhole: true }),
    });
  const docs = await readPast(of('docs/a.md').gitlab, all, memory());
  expect(docs.pipelines[0]?.kind).toBe('docs');
  const code = await readPast(of('src/a.py').gitlab, all, memory());
  expect(code.pipelines[0]).toMatchObject({ kind: 'clean', comparison: { commits } });
});

test('it stops when a tenth of the rate limit is left, with the newest read', async () => {
  let remaining = 103;
  const rateLimit = (): RateLimit => ({ limit: 1_000, remaining: remaining-- });
  const { gitlab: source } = gitlab(newest(...Array.from({ length: 30 }, (_, index) => 950 - index)), {
    rateLimit,
  });
  const { pipelines, notes } = await readPast(source, all, memory());
  expect(pipelines).toHaveLength(12);
  expect(pipelines.at(-1)?.summary.id).toBe(950);
  expect(notes).toEqual(['Stopped after 12 pipelines: 99 of GitLab’s 1000 requests are left.']);
});

test('a pipeline that was deleted is left out, and a comparison that may not be read is not known', async () => {
  const refused = (status: number) =>
    Promise.reject(new Unavailable({ tried: 'GET', saw: String(status), status, next: ['-'], code: 'x' }));
  const { gitlab: source } = gitlab(newest(905, 904, 903), {
    jobs: (id) => (id === 904 ? refused(404) : Promise.resolve([])),
    compare: () => refused(403),
  });
  const { pipelines, notes } = await readPast(source, all, memory());
  expect(pipelines.map(({ summary: { id }, kind }) => `${id} ${kind}`)).toEqual(['903 clean', '905 unknown']);
  expect(notes).toEqual([]);
  const down = gitlab(newest(905), { jobs: () => refused(502) });
  await expect(readPast(down.gitlab, all, memory())).rejects.toThrow('502');
});

test('only the window is read', async () => {
  const { gitlab: source } = gitlab(newest(905, 904, 903));
  const { pipelines, since } = await readPast(source, { from: now - 97 * hour, files }, memory());
  expect(pipelines.map(({ summary: { id } }) => id)).toEqual([903, 904, 905]);
  expect(since).toBe(now - 97 * hour);
});
