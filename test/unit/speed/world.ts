import type { Comparison } from '../../../source/core/gitlab/comparison.ts';
import type { PipelineJob, PipelineStatus } from '../../../source/core/gitlab/model.ts';
import type { PipelineKind } from '../../../source/core/speed/model.ts';
import type { PastPipeline, SpeedInput } from '../../../source/core/speed/past.ts';

export const hour = 3_600_000;
export const day = 24 * hour;
/** When all reports are asked for. */
export const noon = Date.UTC(2026, 10, 24, 12);

export interface JobParts {
  readonly name?: string;
  readonly seconds: number;
  readonly queue?: number;
  readonly status?: PipelineStatus;
  /** Seconds after the pipeline's creation. */
  readonly from?: number;
  readonly size?: number;
  readonly expiresAt?: number;
}

export function job(created: number, id: number, parts: JobParts): PipelineJob {
  const { name = 'build', seconds, queue = 0, status = 'success', from = queue, size, expiresAt } = parts;
  const start = created + from * 1_000;
  return {
    id,
    name,
    stage: 'build',
    kind: 'build',
    status,
    allowFailure: false,
    createdAt: new Date(created).toISOString(),
    startedAt: new Date(start).toISOString(),
    finishedAt: new Date(start + seconds * 1_000).toISOString(),
    duration: seconds,
    queuedDuration: queue,
    webUrl: '',
    tags: [],
    artifacts: size === undefined ? [] : [{ type: 'archive', file: 'artifacts.zip', size }],
    ...(expiresAt === undefined ? {} : { artifactsExpireAt: new Date(expiresAt).toISOString() }),
  };
}

export interface PastParts {
  readonly id: number;
  readonly at: number;
  readonly kind?: PipelineKind;
  readonly ref?: string;
  readonly status?: PipelineStatus;
  readonly comparison?: Partial<Comparison>;
  readonly jobs?: readonly JobParts[];
  /** Of its only job, when `jobs` are not given. */
  readonly seconds?: number;
}

export function past(parts: PastParts): PastPipeline {
  const { id, at, kind = 'python', ref = 'main', status = 'success', comparison, seconds = 60 } = parts;
  return {
    kind,
    because: '',
    summary: {
      id,
      iid: id,
      ref,
      status,
      sha: String(id).padStart(40, '0'),
      source: 'push',
      createdAt: new Date(at).toISOString(),
      webUrl: '',
    },
    jobs: (parts.jobs ?? [{ seconds, queue: 4 }]).map((one, index) => job(at, id * 100 + index, one)),
    ...(comparison ? { comparison: { commits: [], paths: [], isWhole: true, ...comparison } } : {}),
  };
}

export function input(more: Partial<SpeedInput> = {}): SpeedInput {
  return {
    now: noon,
    days: 30,
    since: noon - 30 * day,
    pipelines: [],
    defaultBranch: 'main',
    files: { ci: new Set(['.gitlab-ci.yml']), copied: [] },
    applied: [],
    storage: {},
    prices: {},
    notes: [],
    ...more,
  };
}

/** Pipelines of one kind, one an hour until `until`, of these durations, oldest first. */
export function hourly(kind: PipelineKind, durations: readonly number[], until: number, first = 1) {
  return durations.map((seconds, index) =>
    past({ id: first + index, at: until - (durations.length - index) * hour, kind, seconds }),
  );
}
