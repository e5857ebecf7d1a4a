import { describe, expect, test } from 'vitest';
import { comparePipelines } from '../../../source/core/pipeline/comparePipelines.ts';
import {
  describeConsequences,
  jobConsequences,
  jobRefusal,
  pipelineConsequences,
} from '../../../source/core/pipeline/consequences.ts';
import { pipelineGraph } from '../../../source/core/pipeline/graph.ts';
import { expectation, historyOf } from '../../../source/core/pipeline/history.ts';
import type { TimedJob } from '../../../source/core/pipeline/simulate.ts';
import { whatIf } from '../../../source/core/pipeline/whatIf.ts';
import { edges, job, ran } from './jobs.ts';

const stages = ['build', 'test', 'deploy'];

describe('history', () => {
  const past = [100, 110, 90, 105, 95].map((seconds) => [
    ran('build', 'build', [0, seconds], { tags: ['nix', 'linux'], queue: 4 }),
    ran(`unit ${seconds % 2 === 0 ? '1/2' : '2/2'}`, 'test', [200, 200 + seconds]),
    ran('flaky', 'test', [200, 201], { status: 'failed' }),
  ]);
  const history = historyOf(past);

  test('has medians with their N, by name, by group and by tags', () => {
    expect(history.durations.get('build')).toMatchObject({ n: 5, median: 100, mad: 5 });
    expect(expectation(history, job('build', 'build', { tags: ['linux', 'nix'] }))).toEqual({
      duration: 100,
      queue: 4,
    });
    expect(expectation(history, job('unit 7/9', 'test')).duration).toBe(100);
  });

  test('a bridge waits for no runner, and lasts as long as it did', () => {
    const bridges = historyOf(
      [200, 210, 220].map((end) => [ran('child', 'test', [0, end], { kind: 'bridge', queue: 2 })]),
    );
    expect(expectation(bridges, job('child', 'test', { kind: 'bridge' }))).toEqual({
      duration: 210,
      queue: 0,
    });
    expect(expectation(history, job('child', 'test', { kind: 'bridge' }))).toEqual({ duration: 0, queue: 0 });
    expect(bridges.queues.size).toBe(0);
  });

  test('does not learn from failures', () => {
    expect(history.durations.has('flaky')).toBe(false);
  });
});

describe('two pipelines', () => {
  const history = historyOf(
    [98, 100, 102, 101, 99].map((s) => [ran('same', 'build', [0, s]), ran('slow', 'build', [0, s])]),
  );
  const before = [
    ran('same', 'build', [0, 100]),
    ran('slow', 'build', [0, 100]),
    ran('new to us', 'build', [0, 10]),
    ran('gone', 'test', [0, 5]),
    ran('moves', 'build', [0, 5], { status: 'failed' }),
  ];
  const after = [
    ran('same', 'build', [0, 103]),
    ran('slow', 'build', [0, 200]),
    ran('new to us', 'build', [0, 30]),
    ran('fresh', 'test', [0, 5]),
    ran('moves', 'test', [0, 5]),
  ];
  const difference = comparePipelines(before, after, history);

  test('differ by jobs that appeared, vanished and moved', () => {
    expect(difference).toMatchObject({
      appeared: ['fresh'],
      vanished: ['gone'],
      moved: [{ name: 'moves', from: 'build', to: 'test' }],
      status: [{ name: 'moves', from: 'failed', to: 'success' }],
    });
  });

  test('are slower only beyond the spread, and only with enough runs', () => {
    expect(difference.durations.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['slow', 'slower'],
      ['new to us', 'too few runs'],
      ['same', 'within spread'],
    ]);
  });
});

describe('what if', () => {
  const timed = (name: string, stage: string, duration: number, more: Partial<TimedJob> = {}): TimedJob => ({
    name,
    stage,
    duration,
    needs: null,
    when: 'on_success',
    allowFailure: false,
    tags: [],
    ...more,
  });
  const plan = {
    stages,
    jobs: [timed('a', 'build', 100), timed('b', 'build', 300), timed('c', 'test', 200)],
    runners: [{ name: 'honey', tags: [], runUntagged: true, concurrent: 1 }],
  };

  test('a runner more lets jobs run at once', () => {
    const runner = { name: 'second', tags: [], runUntagged: true, concurrent: 1 };
    const { before, after, gain } = whatIf(plan, [{ kind: 'runner', runner }]);
    expect([before.wallClock, after.wallClock]).toEqual([600, 500]);
    expect(gain).toEqual({ seconds: 100, ratio: 1.2 });
  });

  test('needs, stage, tags, removal and duration change the plan', () => {
    const at = (change: Parameters<typeof whatIf>[1][number]): number =>
      whatIf({ stages, jobs: plan.jobs }, [change]).after.wallClock;
    expect(at({ kind: 'needs', job: 'c', needs: ['a'] })).toBe(300);
    expect(at({ kind: 'stage', job: 'c', stage: 'build' })).toBe(300);
    expect(at({ kind: 'stage', job: 'c', stage: 'no such stage' })).toBe(500);
    expect(at({ kind: 'duration', job: 'b', seconds: 10 })).toBe(300);
    expect(at({ kind: 'remove', job: 'b' })).toBe(300);
    const stuck = whatIf(plan, [{ kind: 'tags', job: 'c', tags: ['mac'] }]).after;
    expect(stuck.idle).toEqual([{ name: 'c', because: 'stuck' }]);
  });

  test('says how sure the gain is when durations vary, the same each time', () => {
    const history = historyOf([250, 280, 300, 320, 400].map((s) => [ran('b', 'build', [0, s])]));
    const ask = () =>
      whatIf({ stages, jobs: plan.jobs }, [{ kind: 'needs', job: 'c', needs: ['a'] }], (name) =>
        history.durations.get(name),
      );
    const { spread } = ask();
    expect(spread).toEqual(ask().spread);
    expect(spread).toMatchObject({ draws: 200 });
    expect(spread!.p5).toBeLessThanOrEqual(spread!.low);
    expect(spread!.low).toBeLessThanOrEqual(spread!.high);
    expect(spread!.high).toBeLessThanOrEqual(spread!.p95);
    expect(spread!.low).toBeGreaterThan(150);
    expect(whatIf(plan, []).spread).toBeUndefined();
  });
});

describe('consequences', () => {
  const jobs = [
    ran('build', 'build', [0, 10], { status: 'failed' }),
    job('unit', 'test', { status: 'skipped' }),
    job('lint', 'test', { status: 'running' }),
    job('ask', 'deploy', { status: 'manual' }),
    job('after', 'deploy'),
  ];
  const needs = { build: [], unit: ['build'], lint: [], ask: ['lint'], after: ['ask'] };
  const graph = pipelineGraph(jobs, edges(stages, needs));
  const of = (name: string, action: 'retry' | 'play' | 'cancel') =>
    jobConsequences(graph, graph.byName.get(name)!, action);

  test('a retry takes up what was skipped behind it', () => {
    expect(of('build', 'retry')).toEqual({ starts: ['build', 'unit'], stops: [], skips: [] });
  });

  test('a play starts what waits behind it, a cancel stops it', () => {
    expect(of('ask', 'play').starts).toEqual(['ask', 'after']);
    expect(of('lint', 'cancel')).toEqual({ starts: [], stops: ['lint'], skips: ['after'] });
  });

  test('of the whole pipeline are named in words', () => {
    expect(describeConsequences(pipelineConsequences(graph, 'cancel'))).toEqual([
      'stops 1: lint',
      'skips 2: after, ask',
    ]);
    expect(pipelineConsequences(graph, 'retry').starts).toEqual(['build', 'unit']);
  });

  test('what GitLab would refuse is refused with a reason', () => {
    expect(jobRefusal(job('x', 'build', { status: 'running' }), 'retry')).toContain('running');
    expect(jobRefusal(job('x', 'build', { status: 'manual' }), 'play')).toBeUndefined();
    expect(jobRefusal(job('x', 'build', { status: 'success' }), 'cancel')).toContain('ended');
    expect(jobRefusal(job('x', 'build', { status: 'running', kind: 'bridge' }), 'cancel')).toContain(
      'pipeline',
    );
  });
});
