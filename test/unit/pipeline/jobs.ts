import type { PipelineEdges, PipelineJob } from '../../../source/core/gitlab/model.ts';

export const epoch = Date.parse('2026-11-24T10:00:00.000Z');

/** ISO time so many seconds after the tests' pipeline was created. */
export function at(seconds: number): string {
  return new Date(epoch + seconds * 1_000).toISOString();
}

let nextId = 1;

export function job(name: string, stage: string, more: Partial<PipelineJob> = {}): PipelineJob {
  const id = nextId++;
  return {
    id,
    name,
    stage,
    kind: 'build',
    status: 'created',
    allowFailure: false,
    createdAt: at(0),
    webUrl: `https://gitlab.example/jobs/${id}`,
    tags: [],
    artifacts: [],
    ...more,
  };
}

/** A job that ran from `start` to `end` (seconds) after `queue` seconds in the queue. */
export function ran(
  name: string,
  stage: string,
  [start, end]: readonly [number, number],
  more: Partial<PipelineJob> & { readonly queue?: number } = {},
): PipelineJob {
  const { queue = 0, ...rest } = more;
  return job(name, stage, {
    status: 'success',
    startedAt: at(start),
    finishedAt: at(end),
    duration: end - start,
    queuedDuration: queue,
    ...rest,
  });
}

export function edges(
  stages: readonly string[],
  needs: PipelineEdges['needs'],
  source: PipelineEdges['source'] = 'graphql',
): PipelineEdges {
  return { source, exact: source === 'graphql', stages, needs };
}
