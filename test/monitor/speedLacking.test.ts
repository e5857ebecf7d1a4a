import { expect, test } from 'vitest';
import { Refused } from '../../source/core/failure.ts';
import type { RateLimit } from '../../source/core/gitlab/model.ts';
import type { PastPipeline } from '../../source/core/speed/past.ts';
import { type BaseSource, withLacking } from '../../source/monitor/speedLacking.ts';
import { hour, input, noon, past } from '../unit/speed/world.ts';

const commit = (title: string) => ({ commits: [{ sha: 'x', title, at: '' }] });
const sha = (id: number): string => String(id).padStart(40, '0');

/** Two tasks merged with pipelines 10 and 20, and pipelines of branches around them. */
const world = input({
  pipelines: [
    past({ id: 5, at: noon - 50 * hour, ref: 'early' }),
    past({ id: 10, at: noon - 40 * hour, comparison: commit('Cache') }),
    past({ id: 15, at: noon - 30 * hour, ref: 'refs/merge-requests/1/head' }),
    past({ id: 20, at: noon - 20 * hour, comparison: commit('Earlier') }),
    past({ id: 25, at: noon - 10 * hour, ref: 'refs/merge-requests/2/head' }),
    past({ id: 30, at: noon - 5 * hour, ref: 'up-to-date' }),
    past({ id: 35, at: noon - 4 * hour }),
  ],
  applied: (['Cache', 'Earlier'] as const).map((title, index) => ({
    run: title,
    task: 'container-layers',
    title,
    at: new Date(noon - (60 - index) * hour).toISOString(),
    commits: [{ title, branch: title }],
    paths: [],
  })),
});

function source(base: (wanted: number, of: number) => number | undefined, more: Partial<BaseSource> = {}) {
  const asked: string[] = [];
  const gitlab: BaseSource = {
    mergeBase: ([wanted, of]) => {
      asked.push(`${Number(wanted)} in ${Number(of)}`);
      const found = base(Number(wanted), Number(of));
      return Promise.resolve(found === undefined ? undefined : sha(found));
    },
    rateLimit: () => undefined,
    ...more,
  };
  return { gitlab, asked };
}

function lacking(pipelines: readonly PastPipeline[]): string[] {
  return pipelines.flatMap(({ summary: { id }, lacks = [] }) =>
    lacks.map((one) => `${id} lacks ${Number(one)}`),
  );
}

test('a branch has what came to the default branch once it is brought up to date; the default branch is not asked about', async () => {
  // Merge request 2 has the first change only.
  const { gitlab, asked } = source((wanted, of) =>
    of === 30 ? wanted : of === 25 && wanted === 10 ? 10 : 5,
  );
  const memory = new Map<string, boolean>();
  expect(lacking(await withLacking(gitlab, world, memory))).toEqual(['15 lacks 10', '25 lacks 20']);
  expect(asked).toEqual(['10 in 15', '20 in 25', '10 in 25', '20 in 30']);
  asked.length = 0;
  expect(lacking(await withLacking(gitlab, world, memory))).toEqual(['15 lacks 10', '25 lacks 20']);
  expect(asked).toEqual([]);
});

test('where GitLab does not tell, nothing is said to be missing', async () => {
  const gone = source(() => undefined);
  expect(lacking(await withLacking(gone.gitlab, world, new Map()))).toEqual([]);
  const forbidden = source(() => 5, {
    mergeBase: () =>
      Promise.reject(new Refused({ tried: 'GET', saw: '403', status: 403, next: [], code: 'role' })),
  });
  expect(lacking(await withLacking(forbidden.gitlab, world, new Map()))).toEqual([]);
  const low = source(() => 5, { rateLimit: (): RateLimit => ({ limit: 1_000, remaining: 99 }) });
  expect(lacking(await withLacking(low.gitlab, world, new Map()))).toEqual([]);
  expect(low.asked).toEqual([]);
});
