import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PipelineJob } from '../../../source/core/gitlab/model.ts';
import { criticalPath, waitOf } from '../../../source/core/pipeline/critical.ts';
import { pipelineGraph } from '../../../source/core/pipeline/graph.ts';
import { replay } from '../../../source/core/pipeline/replay.ts';
import { type RunnerSpec, takes } from '../../../source/core/pipeline/runners.ts';
import { simulate, type TimedJob } from '../../../source/core/pipeline/simulate.ts';
import { barOf, timelineOrder, timeScale } from '../../../source/core/pipeline/timelineLayout.ts';
import { type Expectation, pipelineTiming } from '../../../source/core/pipeline/timing.ts';
import { at, edges, epoch, job, ran } from './jobs.ts';

const stages = ['build', 'test', 'deploy'];

function look(
  jobs: readonly PipelineJob[],
  needs: Record<string, readonly string[] | null>,
  now = 10_000,
  expect?: (job: PipelineJob) => Expectation | undefined,
) {
  const graph = pipelineGraph(jobs, edges(stages, needs));
  const timing = pipelineTiming(graph, {
    now: epoch + now * 1_000,
    createdAt: at(0),
    ...(expect ? { expect } : {}),
  });
  const path = criticalPath(graph, timing);
  const names = path.steps.map((step) => graph.jobs[step.job]!.name);
  const slack = (name: string): number => path.slack[graph.byName.get(name)!]!;
  const wait = (name: string) => waitOf(graph, timing, graph.byName.get(name)!);
  return { graph, timing, path, names, slack, wait };
}

describe('a finished pipeline', () => {
  test('has the critical path of what was really waited for, and slack beside it', () => {
    const jobs = [
      ran('quick', 'build', [0, 60]),
      ran('slow', 'build', [0, 300]),
      ran('unit', 'test', [61, 161]),
      ran('system', 'test', [301, 501]),
      ran('ship', 'deploy', [502, 552]),
    ];
    const needs = { quick: [], slow: [], unit: ['quick'], system: ['slow'], ship: null };
    const { names, slack, wait } = look(jobs, needs);
    expect(names).toEqual(['slow', 'system', 'ship']);
    expect(slack('system')).toBe(0);
    expect(slack('unit')).toBe(501 - 161);
    expect(slack('quick')).toBe(501 - 161);
    expect(wait('ship')).toMatchObject({ because: 'stage' });
    expect(wait('unit')).toMatchObject({ because: 'needs' });
    expect(wait('slow')).toEqual({ because: 'pipeline', held: 0, queue: 0 });
  });

  test('goes through the job whose end freed the runner', () => {
    const runner = { id: 7, description: 'honey' };
    const jobs = [
      ran('hog', 'build', [0, 400], { runner }),
      ran('a', 'build', [0, 50]),
      ran('b', 'test', [402, 500], { queue: 352, runner }),
    ];
    const { names, wait, graph } = look(jobs, { hog: [], a: [], b: ['a'] });
    expect(names).toEqual(['hog', 'b']);
    expect(wait('b')).toMatchObject({ because: 'runner', queue: 352, job: graph.byName.get('hog') });
  });

  test('waits for a runner that none of the pipeline’s jobs freed behind the job before it', () => {
    const runner = { id: 7, description: 'honey' };
    const jobs = [
      ran('first', 'build', [0, 20], { runner }),
      ran('a', 'build', [0, 100]),
      ran('b', 'test', [402, 500], { queue: 302, runner }),
    ];
    const { names, wait, graph } = look(jobs, { first: [], a: [], b: ['a'] });
    expect(names).toEqual(['a', 'b']);
    expect(wait('b')).toMatchObject({ because: 'runner', queue: 302, job: graph.byName.get('a') });
  });

  test('takes no job for the one that freed its own runner, and no polling for a queue', () => {
    const runner = { id: 7, description: 'honey' };
    const jobs = [
      ran('a', 'build', [0, 100]),
      ran('empty', 'test', [150, 150], { queue: 50, runner }),
      ran('soon', 'test', [108, 200], { queue: 8 }),
    ];
    const { wait } = look(jobs, { a: [], empty: ['a'], soon: ['a'] });
    expect(wait('empty')).toMatchObject({ because: 'runner', job: 0 });
    expect(wait('soon')).toMatchObject({ because: 'needs', queue: 8 });
  });

  test('tells a hand and a later attempt from waiting', () => {
    const jobs = [
      ran('a', 'build', [0, 100]),
      ran('played', 'test', [1_000, 1_100]),
      ran('again', 'test', [2_000, 2_100], { createdAt: at(1_999) }),
    ];
    const { wait } = look(jobs, { a: [], played: ['a'], again: ['a'] });
    expect(wait('played')).toMatchObject({ because: 'hand', held: 900 });
    expect(wait('again')).toMatchObject({ because: 'retry', held: 1_900 });
  });
});

describe('a running pipeline', () => {
  const jobs = [
    ran('a', 'build', [0, 100]),
    job('b', 'test', { status: 'running', startedAt: at(110), queuedDuration: 5 }),
    job('c', 'deploy'),
    job('gate', 'deploy', { status: 'manual', allowFailure: true }),
  ];
  const needs = { a: null, b: null, c: null, gate: null };

  test('expects ends from history, from now on', () => {
    const { timing, names, graph } = look(jobs, needs, 150, () => ({ duration: 200, queue: 7 }));
    const end = (name: string): number => (timing.end[graph.byName.get(name)!]! - epoch) / 1_000;
    expect(end('b')).toBe(310);
    expect(end('c')).toBe(310 + 7 + 200);
    expect(timing.tense[graph.byName.get('gate')!]).toBe('never');
    expect(names).toEqual(['a', 'b', 'c']);
    expect(timing.guessed).toBe(2);
  });

  test('a job that runs longer than usual ends now, not in the past', () => {
    const { timing, graph } = look(jobs, needs, 900, () => ({ duration: 200 }));
    expect(timing.end[graph.byName.get('b')!]).toBe(epoch + 900_000);
  });

  test('nothing is expected behind a failure, but for what needs something else', () => {
    const given = [
      ran('bad', 'build', [0, 10], { status: 'failed' }),
      ran('good', 'build', [0, 10]),
      job('behind', 'test'),
      job('beside', 'test'),
    ];
    const { timing, graph } = look(given, { bad: [], good: [], behind: ['bad'], beside: ['good'] }, 20);
    expect(timing.tense[graph.byName.get('behind')!]).toBe('never');
    expect(timing.tense[graph.byName.get('beside')!]).toBe('coming');
    expect(timing.unknown).toBe(1);
  });
});

test('times that are no times leave the rest standing', () => {
  const jobs = [ran('a', 'build', [0, 10], { finishedAt: 'soon' }), ran('b', 'test', [12, 20])];
  const { names } = look([...jobs, job('c', 'deploy', { status: 'running', startedAt: 'never' })], {
    a: null,
    b: null,
    c: null,
  });
  expect(names).toContain('b');
});

describe('the timeline', () => {
  const jobs = [
    ran('a', 'build', [0, 100]),
    ran('b', 'test', [150, 200], { queue: 50 }),
    job('m', 'test', { status: 'manual' }),
  ];
  const { timing } = look(jobs, { a: null, b: null, m: null });

  test('puts queue and run on one axis', () => {
    const scale = timeScale(timing, 40);
    expect(barOf(timing, scale, 0)).toEqual({ queue: 0, run: 0, done: 20, end: 20 });
    expect(barOf(timing, scale, 1)).toEqual({ queue: 20, run: 30, done: 40, end: 40 });
    expect(barOf(timing, scale, 2)).toBeUndefined();
    expect(scale.now).toBeUndefined();
    expect(scale.ticks.map(({ seconds }) => seconds)).toEqual([0, 60, 120, 180]);
    expect(timelineOrder(timing, () => true)).toEqual([0, 1, 2]);
  });

  test('stays on its axis at any width', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (width) => {
        const scale = timeScale(timing, width);
        for (const index of [0, 1]) {
          const bar = barOf(timing, scale, index)!;
          expect(bar.queue).toBeLessThanOrEqual(bar.run);
          expect(bar.run).toBeLessThan(bar.end);
          expect(bar.end).toBeLessThanOrEqual(width);
          expect(bar.done).toBeLessThanOrEqual(bar.end);
        }
      }),
    );
  });

  test('of a pipeline that never started is empty, not broken', () => {
    const { timing: empty } = look([job('a', 'build', { status: 'skipped' })], { a: null });
    expect(timeScale(empty, 40)).toMatchObject({ width: 40, ticks: [{ x: 0, seconds: 0 }] });
  });
});

describe('a replay', () => {
  const runner: RunnerSpec = { name: 'honey #1', tags: ['nix'], runUntagged: true, concurrent: 2 };
  const random = fc.array(
    fc.record({
      stage: fc.integer({ min: 0, max: 2 }),
      duration: fc.integer({ min: 20, max: 500 }),
      tagged: fc.boolean(),
      picks: fc.option(fc.array(fc.nat(), { maxLength: 3 }), { nil: null }),
    }),
    { minLength: 3, maxLength: 25 },
  );

  test('of what the simulation itself ran is within 5 %', () => {
    fc.assert(
      fc.property(random, (given) => {
        const timed = given
          .toSorted((a, b) => a.stage - b.stage)
          .map((one, index) => ({ ...one, index }))
          .map(({ stage, duration, tagged, picks, index }): TimedJob => {
            const allowed = picks && index > 0 ? [...new Set(picks.map((pick) => `j${pick % index}`))] : null;
            return {
              name: `j${index}`,
              stage: stages[stage]!,
              needs: allowed,
              when: 'on_success',
              allowFailure: false,
              tags: tagged ? ['nix'] : [],
              duration,
            };
          });
        expect(takes(runner, ['nix'])).toBe(true);
        const { jobs, wallClock } = simulate(stages, timed, [runner]);
        const live = timed
          .map(({ name }) => jobs.find((one) => one.name === name)!)
          .map(({ name, start, end, queuedAt }) => {
            const { stage, tags } = timed.find((one) => one.name === name)!;
            return ran(name, stage, [start, end], {
              queue: start - queuedAt,
              tags,
              runner: { id: 1, description: 'honey' },
            });
          });
        const needs = Object.fromEntries(timed.map(({ name, needs: list }) => [name, list]));
        const { graph, timing, path } = look(live, needs);
        const result = replay(graph, timing, path);
        expect(result.real).toBeCloseTo(wallClock, 6);
        expect(result.jobs).toBe(timed.length);
        expect(Math.abs(result.simulated - wallClock)).toBeLessThanOrEqual(
          0.05 * wallClock + result.pickUp * timed.length,
        );
      }),
    );
  });

  test('does not count the time that a hand took', () => {
    const jobs = [ran('a', 'build', [0, 100]), ran('b', 'deploy', [700, 800])];
    const { graph, timing, path } = look(jobs, { a: null, b: null });
    expect(replay(graph, timing, path)).toMatchObject({ real: 800, held: 600, simulated: 200, error: 0 });
  });

  test('runs through a bridge for as long as its pipeline ran, without a runner and its pick-up', () => {
    const runner = { id: 1, description: 'honey' };
    const jobs = [
      ran('make', 'build', [10, 110], { queue: 10, runner }),
      ran('child', 'test', [112, 412], { queue: 2, kind: 'bridge' }),
      ran('deploy', 'deploy', [422, 522], { queue: 10, runner }),
    ];
    const { graph, timing, path } = look(jobs, { make: null, child: null, deploy: null });
    expect(path.steps.map(({ job: step }) => graph.jobs[step]?.name)).toEqual(['make', 'child', 'deploy']);
    expect(replay(graph, timing, path)).toMatchObject({ real: 522, simulated: 522, error: 0, pickUp: 10 });
  });
});
