import { expect, test } from 'vitest';
import { agreesBetween, type Predicted, predictedText } from '../../../source/core/plan/predicted.ts';
import { predictionLines } from '../../../source/core/speed/predictionLines.ts';
import { speedReport } from '../../../source/core/speed/report.ts';
import { day, hour, hourly, input, noon, past } from './world.ts';

const push: Predicted = {
  event: 'push',
  before: 600,
  after: 300,
  low: 280,
  high: 330,
  error: -0.1,
  pipelines: 12,
  pathBefore: ['build'],
  pathAfter: ['test'],
};

function reportOf(after: readonly number[], predicted: readonly Predicted[] = [push]) {
  const merged = noon - day;
  const commit = { commits: [{ sha: 'a', title: 'Cache', at: '' }], paths: [], isWhole: true };
  const [first, ...rest] = after;
  return speedReport(
    input({
      pipelines: [
        ...hourly('python', [600, 610, 590, 600, 605], merged - hour),
        ...(first === undefined
          ? []
          : [past({ id: 50, at: merged, seconds: first, comparison: commit, jobs: [{ seconds: first }] })]),
        ...rest.map((seconds, index) =>
          past({ id: 51 + index, at: merged + (index + 1) * hour, jobs: [{ seconds }] }),
        ),
        past({ id: 80, at: merged + 9 * hour, kind: 'docs', jobs: [{ seconds: 9 }] }),
        past({ id: 81, at: merged + 9 * hour, ref: 'huskycat-tui/x', jobs: [{ seconds: 9 }] }),
      ],
      applied: [
        {
          run: 'r',
          task: 'parallel-jobs',
          title: 'Parallel',
          at: new Date(merged - 2 * hour).toISOString(),
          commits: [{ title: 'Cache', branch: 'b' }],
          paths: [],
          predicted,
        },
      ],
    }),
  ).changes.find(({ source }) => source === 'task');
}

test('the interval is that of the draws, widened by what the simulation was off', () => {
  expect(agreesBetween(push)).toEqual([252, 363.00000000000006]);
  const { low: _low, high: _high, error: _error, ...bare } = push;
  expect(agreesBetween(bare)).toBeUndefined();
  expect(predictedText(push)).toBe(
    'push: 10m 00s → 5m 00s, between 4m 12s and 6m 03s, the simulation was 10 % off, from N 12',
  );
});

test('what is measured within the interval is as predicted', () => {
  const change = reportOf([310, 300, 320, 305, 300]);
  expect(change?.predicted?.[0]).toMatchObject({ verdict: 'within', measured: { n: 5, median: 305 } });
  expect(predictionLines(change ?? {})[1]).toMatch(
    /^measured, push: 10m 0\ds .*N 5\) → 5m 05s .*N 5\): as predicted$/,
  );
});

test('what is outside contradicts the prediction, and says so', () => {
  const change = reportOf([500, 510, 490, 505, 500]);
  expect(change?.predicted?.[0]).toMatchObject({ verdict: 'outside' });
  expect(predictionLines(change ?? {}).join('\n')).toContain(
    'median 8m 20s of N 5 contradicts the prediction of 4m 12s to 6m 03s',
  );
});

test('too few pipelines, none yet, and a prediction without an interval are not judged', () => {
  expect(reportOf([310, 300])?.predicted?.[0]).toMatchObject({
    verdict: 'not-yet',
    because: 'not yet: 2 of 5 pipelines since',
  });
  const pending = reportOf([]);
  expect(pending?.pending).toContain('no pipeline of main has it yet');
  expect(pending?.predicted?.[0]).toMatchObject({ verdict: 'not-yet', measured: null });
  const { low: _low, high: _high, error: _error, ...bare } = push;
  expect(reportOf([310, 300, 320, 305, 300], [bare])?.predicted?.[0]?.verdict).toBe('not-judged');
});

test('a branch that does not have the change yet neither contradicts nor confirms what was predicted of it', () => {
  const merged = noon - day;
  const ref = 'refs/merge-requests/7/head';
  const carrier = past({
    id: 50,
    at: merged,
    comparison: { commits: [{ sha: 'a', title: 'Cache', at: '' }] },
  });
  const run = (id: number, seconds: number, lacks: boolean) => ({
    ...past({ id, at: merged + id * 60_000, ref, jobs: [{ name: 'container:build', seconds }] }),
    ...(lacks ? { lacks: [carrier.summary.sha] } : {}),
  });
  const behind = [60, 61, 62, 63, 64, 65].map((id) => run(id, 600, true));
  const current = [70, 71, 72, 73, 74].map((id) => run(id, 305, false));
  const report = speedReport(
    input({
      pipelines: [
        ...hourly('python', [600, 600, 600, 600, 600], merged - hour),
        carrier,
        ...behind,
        ...current,
      ],
      applied: [
        {
          run: 'r',
          task: 'container-layers',
          title: 'Cache',
          at: new Date(merged - 2 * hour).toISOString(),
          commits: [{ title: 'Cache', branch: 'b' }],
          paths: [],
          predicted: [{ ...push, event: 'merge_request' }],
        },
      ],
    }),
  );
  const change = report.changes.find(({ source }) => source === 'task');
  expect(change?.predicted?.[0]).toMatchObject({ verdict: 'within', measured: { n: 5, median: 305 } });
  expect(report.rows.find(({ id }) => id === 'container-rebuild')?.measured).toMatchObject({
    n: 5,
    median: 305,
  });
  expect(change?.effects.find(({ row }) => row === 'container-rebuild')?.after).toMatchObject({ n: 5 });
});
