import type { PipelineJob, PipelineStatus } from '../gitlab/model.ts';
import { type Summary, unusual } from '../statistics.ts';
import { compareNames } from './group.ts';
import { type History, usualDuration } from './history.ts';

/** A job that took another time; seconds. `against` is the job's usual duration; without enough runs there is no verdict. */
export interface DurationChange {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  readonly usual?: Summary;
  readonly verdict: 'slower' | 'faster' | 'within spread' | 'too few runs';
}

/** What differs between two pipelines. Lists are by name as people count; durations by the size of the difference. */
export interface PipelineDifference {
  readonly appeared: readonly string[];
  readonly vanished: readonly string[];
  readonly moved: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  readonly status: readonly {
    readonly name: string;
    readonly from: PipelineStatus;
    readonly to: PipelineStatus;
  }[];
  readonly durations: readonly DurationChange[];
}

/** Joins by job name; of equal names the newest counts. Only jobs that succeeded in both are timed. */
export function comparePipelines(
  before: readonly PipelineJob[],
  after: readonly PipelineJob[],
  history: History,
): PipelineDifference {
  const [old, young] = [newestByName(before), newestByName(after)];
  const both = [...young.values()].flatMap((to) => {
    const from = old.get(to.name);
    return from ? [{ name: to.name, from, to }] : [];
  });
  both.sort((a, b) => compareNames(a.name, b.name));
  return {
    appeared: [...young.keys()].filter((name) => !old.has(name)).sort(compareNames),
    vanished: [...old.keys()].filter((name) => !young.has(name)).sort(compareNames),
    moved: both
      .filter(({ from, to }) => from.stage !== to.stage)
      .map(({ name, from, to }) => ({ name, from: from.stage, to: to.stage })),
    status: both
      .filter(({ from, to }) => from.status !== to.status)
      .map(({ name, from, to }) => ({ name, from: from.status, to: to.status })),
    durations: both
      .flatMap(({ from, to }) => durationChange(from, to, history))
      .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before)),
  };
}

/** A difference within three usual deviations of one run is not one: two runs are compared, so both must be usual. */
function durationChange(from: PipelineJob, to: PipelineJob, history: History): DurationChange[] {
  if (from.status !== 'success' || to.status !== 'success' || to.kind === 'bridge') return [];
  if (from.duration === undefined || to.duration === undefined) return [];
  const usual = usualDuration(history, to.name);
  const away = unusual(to.duration - from.duration + (usual?.median ?? 0), usual);
  const verdict =
    away === undefined
      ? 'too few runs'
      : away === 'same'
        ? 'within spread'
        : away === 'more'
          ? 'slower'
          : 'faster';
  return [{ name: to.name, before: from.duration, after: to.duration, ...(usual ? { usual } : {}), verdict }];
}

function newestByName(jobs: readonly PipelineJob[]): Map<string, PipelineJob> {
  const result = new Map<string, PipelineJob>();
  for (const job of jobs) {
    const other = result.get(job.name);
    if (!other || other.id < job.id) result.set(job.name, job);
  }
  return result;
}
