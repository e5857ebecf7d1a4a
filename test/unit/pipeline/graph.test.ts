import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { neighbours } from '../../../source/core/pipeline/adjacency.ts';
import { downstream, pipelineGraph, upstream } from '../../../source/core/pipeline/graph.ts';
import { groupName } from '../../../source/core/pipeline/group.ts';
import { needsLayout } from '../../../source/core/pipeline/needsLayout.ts';
import { stageColumns } from '../../../source/core/pipeline/stageLayout.ts';
import { edges, job } from './jobs.ts';

const stages = ['build', 'test', 'deploy'];

function named(graph: ReturnType<typeof pipelineGraph>, numbers: Iterable<number>): string[] {
  return [...numbers].map((number) => graph.jobs[number]!.name).sort();
}

describe('a pipeline graph', () => {
  test('follows needs where they are given and stages where not', () => {
    const jobs = [
      job('a', 'build'),
      job('b', 'build'),
      job('c', 'test'),
      job('d', 'test'),
      job('e', 'deploy'),
    ];
    const graph = pipelineGraph(jobs, edges(stages, { a: null, b: null, c: ['a'], d: null, e: ['c'] }));
    const up = (name: string): string[] => named(graph, upstream(graph, graph.byName.get(name)!));
    expect(up('c')).toEqual(['a']);
    expect(up('d')).toEqual(['a', 'b']);
    expect(up('e')).toEqual(['a', 'c']);
    expect(named(graph, downstream(graph, graph.byName.get('a')!))).toEqual(['c', 'd', 'e']);
    expect(graph.source).toBe('graphql');
    expect(graph.exact).toBe(true);
  });

  test('an empty list of needs starts at once, and is not stage order', () => {
    const jobs = [job('a', 'build'), job('b', 'deploy')];
    const graph = pipelineGraph(jobs, edges(stages, { a: null, b: [] }));
    expect(upstream(graph, graph.byName.get('b')!).size).toBe(0);
  });

  test('a stage-ordered job also waits for what jobs of earlier stages wait for by needs', () => {
    const jobs = [job('slow', 'build'), job('quick', 'test'), job('last', 'deploy')];
    const graph = pipelineGraph(jobs, edges(stages, { slow: null, quick: [], last: null }));
    expect(named(graph, upstream(graph, graph.byName.get('last')!))).toEqual(['quick', 'slow']);
  });

  test('is honest about jobs that the source left out, and assumes stage order for them', () => {
    const graph = pipelineGraph([job('a', 'build'), job('b', 'test')], edges(stages, { a: null }));
    expect(graph.exact).toBe(false);
    expect(named(graph, upstream(graph, graph.byName.get('b')!))).toEqual(['a']);
  });

  test('without edges, orders stages by their first job', () => {
    const jobs = [
      job('x', 'later', { id: 20 }),
      job('y', 'early', { id: 10 }),
      job('p', '.pre', { id: 30 }),
      job('q', '.post', { id: 5 }),
    ];
    expect(pipelineGraph(jobs).stages).toEqual(['.pre', 'early', 'later', '.post']);
  });

  test('counts names as people do, and keeps the newest of equal names', () => {
    const jobs = ['t 10/10', 't 2/10', 't 1/10'].map((name) => job(name, 'test'));
    const again = job('t 2/10', 'test');
    const graph = pipelineGraph([...jobs, again]);
    expect(graph.jobs.map(({ name }) => name)).toEqual(['t 1/10', 't 2/10', 't 2/10', 't 10/10']);
    expect(graph.jobs[graph.byName.get('t 2/10')!]).toBe(again);
  });

  test('survives needs that go in a circle, on itself and on nothing', () => {
    const jobs = [job('a', 'build'), job('b', 'build'), job('c', 'test'), job('d', 'test')];
    const needs = { a: ['b'], b: ['a'], c: ['c', 'gone'], d: ['b'] };
    const graph = pipelineGraph(jobs, edges(stages, needs));
    expect(graph.order.length).toBe(graph.jobs.length + graph.stages.length);
    expect(graph.cyclic).toEqual(['a', 'b', 'd']);
    expect(graph.needs[graph.byName.get('c')!]).toEqual([]);
  });

  test('puts every node behind those it waits for, whatever the edges are', () => {
    const arbitrary = fc.array(
      fc.record({
        stage: fc.integer({ min: 0, max: 2 }),
        needs: fc.option(fc.array(fc.nat({ max: 30 }), { maxLength: 5 }), { nil: null }),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(arbitrary, (given) => {
        const jobs = given.map(({ stage }, index) => job(`j${index}`, stages[stage]!));
        const needs = Object.fromEntries(
          given.map((one, index) => [`j${index}`, one.needs?.map((need) => `j${need}`) ?? null]),
        );
        const graph = pipelineGraph(jobs, edges(stages, needs));
        const place = new Map([...graph.order].map((node, index) => [node, index]));
        expect(place.size).toBe(jobs.length + graph.stages.length);
        for (const node of graph.order)
          for (const before of neighbours(graph.before, node))
            expect(place.get(before)!).toBeLessThan(place.get(node)!);
        const { layerOf } = needsLayout(graph, () => true);
        for (const [index, list] of graph.needs.entries())
          for (const need of list ?? []) expect(layerOf[need]!).toBeLessThan(layerOf[index]!);
      }),
    );
  });
});

test.each([
  ['test 1/3', 'test'],
  ['test: [linux, amd64]', 'test'],
  ['test: [linux, amd64] 2/3', 'test'],
  ['rspec:[a] 1/2', 'rspec'],
  ['build', 'build'],
  ['1/3', '1/3'],
  ['deploy to 10', 'deploy to 10'],
])('%s is in the group %s', (name, group) => {
  expect(groupName(name)).toBe(group);
});

test('columns by stage fold groups and say how they stand', () => {
  const jobs = [
    job('lint', 'build', { status: 'success' }),
    job('t 1/2', 'test', { status: 'success' }),
    job('t 2/2', 'test', { status: 'running' }),
  ];
  const graph = pipelineGraph(jobs, edges(stages, { lint: null, 't 1/2': null, 't 2/2': null }));
  const [build, tests] = stageColumns(graph, () => true, new Set());
  expect(build).toMatchObject({ stage: 'build', status: 'success', total: 1 });
  expect(tests?.rows).toMatchObject([{ kind: 'group', name: 't', status: 'running', jobs: [1, 2] }]);
  const opened = stageColumns(graph, (index) => index !== 1, new Set(['test\0t']));
  expect(opened[1]).toMatchObject({ shown: 1, total: 2, rows: [{ kind: 'job', job: 2, inGroup: false }] });
});
