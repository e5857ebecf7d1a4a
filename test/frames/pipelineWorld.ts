import type { PipelineEdges, PipelineJob, PipelineStatus } from '../../source/core/gitlab/model.ts';
import type { Snapshot } from '../../source/monitor/snapshot.ts';
import { noon, rich } from './snapshots.ts';

const start = noon - 20 * 60_000;

type Row = readonly [
  name: string,
  stage: string,
  status: PipelineStatus,
  from: number | undefined,
  to: number | undefined,
  needs: readonly string[] | null,
  queue?: number,
];

const rows: readonly Row[] = [
  ['lint', 'validate', 'success', 5, 65, []],
  ['spell', 'validate', 'failed', 5, 25, []],
  ['nix:build', 'build', 'success', 70, 520, null, 2],
  ['bazel:build 1/3', 'build', 'success', 70, 310, ['lint'], 4],
  ['bazel:build 2/3', 'build', 'success', 72, 330, ['lint'], 6],
  ['bazel:build 3/3', 'build', 'success', 74, 290, ['lint'], 8],
  ['container:build', 'package', 'running', 700, undefined, ['nix:build'], 180],
  ['unit', 'test', 'success', 335, 430, ['bazel:build 1/3', 'bazel:build 2/3', 'bazel:build 3/3']],
  ['system', 'test', 'running', 640, undefined, ['nix:build', 'bazel:build 1/3'], 115],
  ['sign:macos', 'release', 'created', undefined, undefined, ['container:build', 'unit']],
  ['notarize:macos', 'release', 'created', undefined, undefined, ['sign:macos']],
  ['deploy', 'release', 'manual', undefined, undefined, ['container:build']],
];

const stages = ['validate', 'build', 'test', 'package', 'release'];

function iso(seconds: number): string {
  return new Date(start + seconds * 1_000).toISOString();
}

function jobOf([name, stage, status, from, to, , queue = 1]: Row, index: number): PipelineJob {
  return {
    id: 7_000 + index,
    name,
    stage,
    kind: 'build',
    status,
    allowFailure: name === 'spell' || name === 'deploy',
    createdAt: iso(0),
    ...(from === undefined ? {} : { startedAt: iso(from), queuedDuration: queue }),
    ...(from === undefined || to === undefined ? {} : { finishedAt: iso(to), duration: to - from }),
    ...(status === 'failed' ? { failureReason: 'script_failure' } : {}),
    webUrl: `https://gitlab.example/tinyland/ai/huskycat/-/jobs/${7_000 + index}`,
    tags: name.startsWith('nix') || name.startsWith('container') ? ['nix'] : [],
    ...(from === undefined ? {} : { runner: { id: 4, description: 'honey' } }),
    artifacts: name === 'nix:build' ? [{ type: 'archive', file: 'artifacts.zip', size: 12_582_912 }] : [],
  };
}

export const edges: PipelineEdges = {
  source: 'graphql',
  exact: true,
  stages,
  needs: Object.fromEntries(rows.map(([name, , , , , needs]) => [name, needs])),
};

/** A running pipeline of twelve jobs with needs. */
export function withPipeline(): Snapshot {
  const base = rich();
  const pipeline = base.pipeline.value!.pipeline;
  return {
    ...base,
    pipeline: {
      state: 'fresh',
      fetchedAt: noon,
      value: { pipeline: { ...pipeline, createdAt: iso(0) }, jobs: rows.map(jobOf), edges },
    },
  };
}

/** Five thousand jobs and twenty thousand needs. */
export function withThousands(): Snapshot {
  const base = withPipeline();
  const names = Array.from({ length: 5_000 }, (_, index) => `job ${index}`);
  const jobs = names.map((name, index): PipelineJob => {
    const stage = stages[Math.floor((index * stages.length) / names.length)]!;
    const from = 60 * Math.floor(index / 100);
    return jobOf([name, stage, 'success', from, from + 60 + (index % 90), null], index);
  });
  const needs = Object.fromEntries(
    names.map((name, index) => [
      name,
      index === 0
        ? null
        : [...new Set([97, 211, 431, 977].map((step) => `job ${Math.max(0, index - step)}`))],
    ]),
  );
  const { pipeline } = base.pipeline.value!;
  return {
    ...base,
    pipeline: {
      state: 'fresh',
      fetchedAt: noon,
      value: { pipeline: { ...pipeline, status: 'success' }, jobs, edges: { ...edges, needs } },
    },
  };
}
