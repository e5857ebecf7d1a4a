import { describe, expect, test } from 'vitest';
import type { RowId, SpeedReport } from '../../../source/core/speed/model.ts';
import type { AppliedTask } from '../../../source/core/speed/past.ts';
import { speedReport } from '../../../source/core/speed/report.ts';
import { pipelineTime } from '../../../source/core/speed/time.ts';
import { day, hour, hourly, input, job, noon, past } from './world.ts';

const slow = [900, 910, 890, 905, 895, 920];
const fast = [150, 160, 140, 155, 145, 170];

function row(report: SpeedReport, id: RowId) {
  const found = report.rows.find((one) => one.id === id);
  if (!found) throw new Error(`no row ${id}`);
  return found;
}

const applied: AppliedTask = {
  run: 'r1',
  task: 'container-layers',
  title: 'Cache container layers',
  at: new Date(noon - 10 * hour).toISOString(),
  commits: [],
  paths: [],
};

describe('the time of a pipeline', () => {
  test('is when something ran; waiting for a runner is apart, waiting for a hand is nothing', () => {
    const jobs = [
      job(noon, 1, { seconds: 60, queue: 10 }),
      job(noon, 2, { seconds: 60, from: 40, queue: 5 }),
      job(noon, 3, { seconds: 30, from: 1_000, queue: 20 }),
    ];
    expect(pipelineTime(jobs)).toEqual({ seconds: 90 + 30, queue: 10 + 20 });
  });

  test('without a job that ran there is none', () => {
    expect(pipelineTime([])).toBeUndefined();
  });
});

describe('the rows', () => {
  test('are those of the plan, also when nothing was measured', () => {
    const report = speedReport(input());
    expect(report.rows.map(({ id }) => id)).toEqual([
      'clean-build',
      'python-change',
      'docs-only',
      'container-rebuild',
      'tool-downloads',
    ]);
    for (const { measured, ratio, verdict, because } of report.rows) {
      expect([measured, ratio, verdict]).toEqual([null, null, 'not-yet']);
      expect(because).toMatch(/^not yet/);
    }
  });

  test('a median has N, quartiles, window and queue, and is judged by the plan', () => {
    const report = speedReport(input({ pipelines: hourly('python', slow, noon) }));
    expect(row(report, 'python-change')).toMatchObject({
      measured: {
        median: 902.5,
        low: 896.25,
        high: 908.75,
        n: 6,
        queue: 4,
        window: { from: '2026-11-24T06:00:00.000Z', to: '2026-11-24T11:00:00.000Z' },
      },
      verdict: 'missed',
      ratio: null,
    });
    expect(row(report, 'python-change').baseline.measured).toBeUndefined();
  });

  test('too few runs are shown and not judged', () => {
    const report = speedReport(input({ pipelines: hourly('docs', [40, 50], noon) }));
    expect(row(report, 'docs-only')).toMatchObject({
      measured: { median: 45, n: 2 },
      verdict: 'not-yet',
      because: 'not yet: 2 of 5 runs',
    });
  });

  test('only pipelines that succeeded are timed', () => {
    const failed = past({ id: 9, at: noon - hour, status: 'failed', seconds: 5 });
    const report = speedReport(input({ pipelines: [...hourly('python', slow, noon - hour), failed] }));
    expect(row(report, 'python-change').measured?.n).toBe(6);
  });

  test('image builds are jobs, by the names of the configuration, parallel ones too', () => {
    const jobs = [
      { name: 'image 1/2', seconds: 100 },
      { name: 'image 2/2', seconds: 120 },
      { name: 'container:build', seconds: 900 },
      { name: 'image 1/2', seconds: 1, status: 'failed' as const },
    ];
    const pipelines = [past({ id: 1, at: noon - hour, kind: 'other', jobs })];
    const known = speedReport(input({ pipelines, imageJobs: new Set(['image']) }));
    expect(row(known, 'container-rebuild').measured).toMatchObject({ median: 110, n: 2 });
    const guessed = speedReport(input({ pipelines }));
    expect(row(guessed, 'container-rebuild').measured).toMatchObject({ median: 900, n: 1 });
  });

  test('downloads are counted in whole weeks and for each platform', () => {
    const both = [
      { name: 'download:tools:linux', seconds: 150 },
      { name: 'download:tools:darwin', seconds: 130 },
    ];
    const pipelines = Array.from({ length: 21 }, (_, index) =>
      past({ id: index, at: noon - (21 - index) * day + hour, kind: 'other', jobs: both }),
    );
    const daily = row(speedReport(input({ pipelines, since: noon - 22 * day })), 'tool-downloads');
    expect(daily).toMatchObject({ measured: { median: 7, n: 3 }, verdict: 'missed', each: { n: 42 } });
    const idle = row(speedReport(input({ pipelines, since: noon - 60 * day })), 'tool-downloads');
    expect(idle.measured).toMatchObject({ median: 7, n: 3 });
    const short = row(speedReport(input({ pipelines, since: noon - 4 * day })), 'tool-downloads');
    expect(short).toMatchObject({ measured: null, because: 'not yet: 4 of 14 days' });
  });
});

describe('changes', () => {
  const pipelines = [...hourly('python', slow, noon - 10 * hour), ...hourly('python', fast, noon, 50)];

  test('a task that was applied parts before from after', () => {
    const report = speedReport(input({ pipelines, applied: [applied] }));
    const python = row(report, 'python-change');
    expect(python.baseline.measured).toMatchObject({ median: 902.5, n: 6 });
    expect(python.measured).toMatchObject({ median: 152.5, n: 6 });
    expect(python.ratio).toBeCloseTo(902.5 / 152.5);
    expect(python.verdict).toBe('met');
    const [change] = report.changes;
    expect(report.changes).toHaveLength(1);
    expect(change).toMatchObject({ source: 'task', task: 'container-layers' });
    expect(change?.effects).toMatchObject([{ row: 'python-change', verdict: 'faster' }]);
    expect(change?.effects[0]?.p).toBeCloseTo(2 / 924, 6);
  });

  test('too few runs on a side are said to be too few, with how many', () => {
    const few = [...hourly('python', slow, noon - 10 * hour), ...hourly('python', [150, 160], noon, 50)];
    const { changes, rows } = speedReport(input({ pipelines: few, applied: [applied] }));
    expect(changes[0]?.effects[0]).toMatchObject({
      verdict: 'not-yet',
      p: null,
      because: 'not yet: 2 of 5 runs after',
    });
    expect(rows[1]).toMatchObject({ measured: { n: 2 }, because: 'not yet: 2 of 5 runs' });
  });

  test('noise is not called a gain', () => {
    const same = [...hourly('python', slow, noon - 10 * hour), ...hourly('python', slow, noon, 50)];
    const { changes } = speedReport(input({ pipelines: same, applied: [applied] }));
    expect(changes[0]?.effects[0]).toMatchObject({ verdict: 'same', p: 1 });
  });

  test('a shift that nothing explains is marked, one that is explained is not', () => {
    const unexplained = speedReport(input({ pipelines }));
    expect(unexplained.changes).toMatchObject([
      { source: 'shift', effects: [{ row: 'python-change', verdict: 'faster' }] },
    ]);
    // It is no baseline: nobody knows what it was. But what was before is no part of how it is now.
    expect(row(unexplained, 'python-change')).toMatchObject({ measured: { n: 6 }, ratio: null });
    expect(row(unexplained, 'python-change').baseline.measured).toBeUndefined();
  });

  test('a commit on the default branch that touches the CI files is a mark; other commits are not', () => {
    const ci = { paths: ['.gitlab-ci.yml'], commits: [{ sha: 'c', title: 'Cache layers', at: '' }] };
    const marked = pipelines.map((one, index) => ({
      ...one,
      ...past({
        id: one.summary.id,
        at: Date.parse(one.summary.createdAt),
        seconds: index < 6 ? (slow[index] ?? 0) : (fast[index - 6] ?? 0),
        comparison: index === 6 ? ci : { paths: ['src/a.py'] },
      }),
    }));
    const { changes } = speedReport(input({ pipelines: marked }));
    expect(changes).toMatchObject([
      { source: 'commit', title: 'Cache layers (.gitlab-ci.yml)', effects: [{ verdict: 'faster' }] },
    ]);
    expect(row(speedReport(input({ pipelines: marked })), 'python-change')).toMatchObject({
      baseline: { measured: { n: 6 } },
      measured: { n: 6 },
    });
    const ofTask = { ...applied, commits: [{ title: 'Cache layers', branch: 'huskycat/layers' }] };
    const joined = speedReport(input({ pipelines: marked, applied: [ofTask] })).changes;
    expect(joined).toMatchObject([{ source: 'task', at: marked[6]?.summary.createdAt }]);
  });

  test('what tried the change out on a branch is neither before nor after', () => {
    const tried = { ...applied, commits: [{ title: 'Cache layers', branch: 'layers' }] };
    const own = { commits: [{ sha: 'c', title: 'Cache layers', at: '' }] };
    const trials = [
      past({ id: 90, at: noon - 9 * hour, ref: 'huskycat-tui/container-layers', seconds: 100 }),
      past({ id: 91, at: noon - 9 * hour, ref: 'refs/merge-requests/4/head', seconds: 100, comparison: own }),
    ];
    const other = past({ id: 92, at: noon - 9 * hour, ref: 'refs/merge-requests/5/head', comparison: {} });
    const report = speedReport(input({ pipelines: [...trials, other], applied: [tried] }));
    expect(row(report, 'python-change').runs.map(({ pipeline }) => pipeline)).toEqual([92]);
    expect(report.notes).toEqual(['2 pipelines tried a change out, and no row counts them.']);
    expect(report.cost[0]).toMatchObject({ n: 3 });
  });

  test('a task whose commit is not merged yet has no after', () => {
    const open = { ...applied, commits: [{ title: 'Cache layers', branch: 'huskycat/layers' }] };
    const same = [...hourly('python', slow, noon - 10 * hour), ...hourly('python', slow, noon, 50)];
    const report = speedReport(input({ pipelines: same, applied: [open] }));
    expect(report.changes.find(({ source }) => source === 'task')).toMatchObject({
      pending: 'no pipeline of main has it yet',
      effects: [],
    });
    expect(row(report, 'python-change').measured?.n).toBe(12);
  });
});

describe('cost', () => {
  const pipelines = Array.from({ length: 10 }, (_, index) =>
    past({
      id: index,
      at: noon - (10 - index) * day + hour,
      jobs: [
        { seconds: 600, size: 1_000, expiresAt: index < 5 ? noon - hour : noon + hour },
        { name: 'test', seconds: 300, status: index === 3 ? 'failed' : 'success' },
      ],
    }),
  );

  test('runner minutes are of all jobs, storage is what has not expired', () => {
    const { cost } = speedReport(input({ pipelines, since: noon - 10 * day }));
    const by = Object.fromEntries(cost.map((one) => [one.id, one]));
    expect(by['runner-minutes-pipeline']).toMatchObject({ value: 15, n: 10 });
    expect(by['runner-minutes-week']).toMatchObject({ value: 105, n: 1 });
    expect(by.artifacts).toMatchObject({ value: 5_000, n: 10 });
    expect(by['registry-cache']).toMatchObject({ value: null });
    expect(by.attic).toMatchObject({ claim: '$0 (existing infrastructure)', value: null });
    expect(cost.every((one) => one.perMonth === undefined)).toBe(true);
  });

  test('money is counted only with a price, and never for what is not known', () => {
    const storage = { bazelRemote: { used: 20e9, limit: 50e9 } };
    const prices = { minute: 0.01, gigabyte: 0.5 };
    const { cost } = speedReport(input({ pipelines, since: noon - 10 * day, storage, prices }));
    const by = Object.fromEntries(cost.map((one) => [one.id, one]));
    expect(by['runner-minutes-week']?.perMonth).toBeCloseTo((105 * 0.01 * 52) / 12);
    expect(by['bazel-remote']?.perMonth).toBe(10);
    expect(by['registry-cache']?.perMonth).toBeUndefined();
  });

  test('a week that was not seen whole is not made one', () => {
    const { cost } = speedReport(input({ pipelines, since: noon - 4 * day }));
    expect(cost.find(({ id }) => id === 'runner-minutes-week')).toMatchObject({
      value: null,
      because: 'not yet: 4 of 7 days',
    });
  });
});
