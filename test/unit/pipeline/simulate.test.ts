import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { simulate, type TimedJob } from '../../../source/core/pipeline/simulate.ts';

const stages = ['build', 'test', 'deploy'];

function job(name: string, stage: string, duration: number, more: Partial<TimedJob> = {}): TimedJob {
  return { name, stage, duration, needs: null, when: 'on_success', allowFailure: false, tags: [], ...more };
}

function times(
  jobs: readonly TimedJob[],
  runners?: Parameters<typeof simulate>[2],
): Record<string, [number, number]> {
  return Object.fromEntries(
    simulate(stages, jobs, runners).jobs.map(({ name, start, end }) => [name, [start, end]]),
  );
}

describe('a simulated pipeline', () => {
  test('waits for whole stages, and for needs only where they are given', () => {
    const jobs = [
      job('a', 'build', 10),
      job('b', 'build', 30),
      job('c', 'test', 5),
      job('d', 'test', 5, { needs: ['a'] }),
    ];
    expect(times(jobs)).toEqual({ a: [0, 10], b: [0, 30], c: [30, 35], d: [10, 15] });
    expect(simulate(stages, jobs).criticalPath.map(({ name }) => name)).toEqual(['b', 'c']);
  });

  test('queues for a runner, and says so on the critical path', () => {
    const runners = [{ name: 'honey', tags: ['linux'], runUntagged: false, concurrent: 1 }];
    const jobs = [job('a', 'build', 10, { tags: ['linux'] }), job('b', 'build', 20, { tags: ['linux'] })];
    const { criticalPath, wallClock } = simulate(stages, jobs, runners);
    expect(wallClock).toBe(30);
    expect(criticalPath.map(({ name, waitedFor }) => [name, waitedFor?.because])).toEqual([
      ['a', undefined],
      ['b', 'runner'],
    ]);
  });

  test('runs a job once that needs a manual one and runs whatever happens', () => {
    const jobs = [
      job('ask', 'build', 9, { needs: [], when: 'manual', allowFailure: true }),
      job('after', 'build', 5, { needs: ['ask'], when: 'always' }),
    ];
    const runners = [{ name: 'one', tags: [], runUntagged: true, concurrent: 1 }];
    expect(simulate(stages, jobs, runners).criticalPath.map(({ name }) => name)).toEqual(['after']);
    expect(times(jobs, runners)).toEqual({ after: [0, 5] });
    expect(simulate(stages, jobs, runners).jobs).toHaveLength(1);
  });

  test('names jobs that no runner takes, and those behind them', () => {
    const runners = [{ name: 'honey', tags: [], runUntagged: true, concurrent: 2 }];
    const jobs = [
      job('a', 'build', 1, { tags: ['macos'] }),
      job('b', 'test', 1),
      job('c', 'test', 1, { needs: [] }),
    ];
    const { idle, jobs: ran } = simulate(stages, jobs, runners);
    expect(ran.map(({ name }) => name)).toEqual(['c']);
    expect(idle).toEqual([
      { name: 'a', because: 'stuck' },
      { name: 'b', because: 'blocked' },
    ]);
  });

  test('leaves optional manual jobs out, stops at blocking ones, skips what needs them', () => {
    const optional = job('ask', 'build', 9, { when: 'manual', allowFailure: true });
    const jobs = [
      optional,
      job('b', 'test', 1),
      job('c', 'test', 1, { needs: ['ask'] }),
      job('rescue', 'test', 1, { when: 'on_failure' }),
    ];
    expect(times(jobs)).toEqual({ b: [0, 1] });
    const blocking = [{ ...optional, allowFailure: false }, job('b', 'test', 1)];
    expect(simulate(stages, blocking).idle.map(({ because }) => because)).toEqual(['manual', 'blocked']);
  });

  test('waited for its need where a runner was freed at the same moment', () => {
    const runners = [{ name: 'one', tags: [], runUntagged: true, concurrent: 1 }];
    const jobs = [job('a', 'build', 10), job('b', 'test', 5, { needs: ['a'] })];
    const { jobs: ran } = simulate(stages, jobs, runners);
    expect(ran.map(({ waitedFor }) => waitedFor)).toEqual([undefined, { job: 'a', because: 'needs' }]);
  });

  test('takes no runner for a bridge, and starts a delayed job as one that is not', () => {
    const runners = [{ name: 'one', tags: [], runUntagged: true, concurrent: 1 }];
    const jobs = [
      job('a', 'build', 10),
      job('child', 'build', 30, { isBridge: true }),
      job('later', 'test', 5, { when: 'delayed' }),
    ];
    expect(times(jobs, runners)).toEqual({ a: [0, 10], child: [0, 30], later: [30, 35] });
  });

  test('never starts a job before its needs end, nor more jobs than there are places', () => {
    const pipelines = fc.array(
      fc.record({
        stage: fc.integer({ min: 0, max: 2 }),
        duration: fc.integer({ min: 1, max: 50 }),
        picks: fc.option(fc.array(fc.nat(), { maxLength: 4 })),
      }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(pipelines, fc.integer({ min: 1, max: 4 }), (given, concurrent) => {
        const jobs = given.map(({ stage, duration, picks }, index) =>
          job(`j${index}`, stages[stage]!, duration, {
            needs: picks && index > 0 ? [...new Set(picks.map((pick) => `j${pick % index}`))] : null,
          }),
        );
        const { jobs: ran, wallClock } = simulate(stages, jobs, [
          { name: 'r', tags: [], runUntagged: true, concurrent },
        ]);
        const byName = new Map(ran.map((one) => [one.name, one]));
        for (const one of ran) {
          const needs = jobs.find(({ name }) => name === one.name)?.needs ?? [];
          for (const need of needs) expect(byName.get(need)!.end).toBeLessThanOrEqual(one.start);
          const together = ran.filter(({ start, end }) => start <= one.start && one.start < end);
          expect(together.length).toBeLessThanOrEqual(concurrent);
        }
        const work = ran.reduce((sum, { start, end }) => sum + end - start, 0);
        expect(wallClock * concurrent).toBeGreaterThanOrEqual(work);
      }),
    );
  });
});
