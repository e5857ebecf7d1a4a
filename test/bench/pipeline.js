/** Graph, critical path, simulation and layouts at two sizes: milliseconds, and the growth against n log n. Judges nothing. */
import { criticalPath } from '../../source/core/pipeline/critical.ts';
import { pipelineGraph, upstream } from '../../source/core/pipeline/graph.ts';
import { needsLayout } from '../../source/core/pipeline/needsLayout.ts';
import { timedJobs } from '../../source/core/pipeline/replay.ts';
import { simulate } from '../../source/core/pipeline/simulate.ts';
import { stageColumns } from '../../source/core/pipeline/stageLayout.ts';
import { barOf, timelineOrder, timeScale } from '../../source/core/pipeline/timelineLayout.ts';
import { pipelineTiming } from '../../source/core/pipeline/timing.ts';

const created = Date.UTC(2026, 0, 1);
const runners = Array.from({ length: 10 }, (_, index) => ({
  name: `runner ${index}`,
  tags: ['nix', 'linux'],
  runUntagged: true,
  concurrent: 20,
}));

/** A finished pipeline of `count` jobs in ten stages, half of them by needs, eight needs each. */
function pipeline(count) {
  const stages = Array.from({ length: 10 }, (_, index) => `stage-${index}`);
  const needs = {};
  const iso = (seconds) => new Date(created + seconds * 1_000).toISOString();
  const jobs = Array.from({ length: count }, (_, index) => {
    const stage = Math.floor((index * 10) / count);
    const name = `job ${index % 7 === 0 ? `${index}: [linux, amd64]` : `${index >> 3} ${(index % 8) + 1}/8`}`;
    const picks = Array.from(
      { length: 8 },
      (_, pick) => (index * 7_919 + pick * 104_729) % Math.max(1, index),
    );
    needs[name] = index % 2 === 0 || index === 0 ? null : picks;
    const start = stage * 300 + (index % 60);
    return {
      id: index + 1,
      name,
      stage: stages[stage],
      kind: 'build',
      status: 'success',
      allowFailure: false,
      createdAt: iso(0),
      startedAt: iso(start),
      finishedAt: iso(start + 60 + (index % 200)),
      duration: 60 + (index % 200),
      queuedDuration: index % 20,
      webUrl: '',
      tags: index % 3 === 0 ? ['nix'] : [],
      runner: { id: index % 10, description: 'honey' },
      artifacts: [],
    };
  });
  for (const job of jobs) needs[job.name] = needs[job.name]?.map((index) => jobs[index].name) ?? null;
  return { jobs, edges: { source: 'graphql', exact: true, stages, needs } };
}

function measure(run) {
  const times = Array.from({ length: 15 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.toSorted((a, b) => a - b)[times.length >> 1];
}

function cases(count) {
  const { jobs, edges } = pipeline(count);
  const graph = pipelineGraph(jobs, edges);
  const timing = pipelineTiming(graph, {
    now: created + 4_000_000,
    createdAt: new Date(created).toISOString(),
  });
  const timed = timedJobs(graph, (job) => job.duration);
  const all = () => true;
  return {
    graph: () => pipelineGraph(jobs, edges),
    'times and critical path': () =>
      criticalPath(
        graph,
        pipelineTiming(graph, { now: created, createdAt: new Date(created).toISOString() }),
      ),
    simulation: () => simulate(graph.stages, timed, runners),
    'by stage': () => stageColumns(graph, all, new Set()),
    'by needs': () => needsLayout(graph, all),
    timeline: () => {
      const scale = timeScale(timing, 120);
      for (const job of timelineOrder(timing, all)) barOf(timing, scale, job);
    },
    'one closure': () => upstream(graph, graph.jobs.length - 1),
  };
}

const [small, large] = [1_250, 5_000];
const nLogN = (large * Math.log(large)) / (small * Math.log(small));
const [few, many] = [cases(small), cases(large)];
console.log(
  `\n${large} jobs, ${large * 4} needs; growth from ${small} jobs against n log n (${nLogN.toFixed(1)})`,
);
for (const title of Object.keys(many)) {
  for (let warm = 0; warm < 5; warm += 1) many[title]();
  const [before, after] = [measure(few[title]), measure(many[title])];
  console.log(
    `${title.padEnd(34)} ${after.toFixed(1).padStart(7)} ms  ${(after / before / nLogN).toFixed(2).padStart(5)} × n log n  ≤ 50 ms`,
  );
}
