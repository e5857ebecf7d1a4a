import type { PipelineJob } from '../gitlab/model.ts';
import { downstream, type PipelineGraph } from './graph.ts';
import { hasEnded, isRunning } from './timing.ts';

export type JobAction = 'retry' | 'play' | 'cancel';
export type PipelineAction = 'retry' | 'cancel';

/** What else an action on a pipeline sets going or ends, by job name in the graph's order. */
export interface Consequences {
  /** Will start, once what they wait for has succeeded. */
  readonly starts: readonly string[];
  /** Run now and will be stopped; their work is lost. */
  readonly stops: readonly string[];
  /** Have not started and will not. */
  readonly skips: readonly string[];
}

/** Why GitLab would not do it; undefined when it would, as far as the job shows. */
export function jobRefusal(job: PipelineJob, action: JobAction): string | undefined {
  const { status, kind } = job;
  if (action === 'play')
    return status === 'manual' || status === 'scheduled' ? undefined : `it is ${status}, not manual`;
  if (action === 'cancel' && kind === 'bridge') return 'GitLab stops a bridge only with its pipeline';
  if (action === 'cancel') return hasEnded(status) ? `it has ended: ${status}` : undefined;
  if (status === 'success' || status === 'failed' || status === 'canceled') return undefined;
  if (kind === 'bridge' && status === 'skipped') return 'it was skipped';
  return hasEnded(status)
    ? 'it never started: retry the job that it waits for'
    : `it is ${status}: only what has ended is retried`;
}

/** A retry or play takes up what was skipped or still waits behind the job; a cancel ends the hopes of what needs it. */
export function jobConsequences(graph: PipelineGraph, job: number, action: JobAction): Consequences {
  const behind = [...downstream(graph, job)]
    .sort((a, b) => a - b)
    .flatMap((index) => graph.jobs[index] ?? []);
  const own = graph.jobs[job];
  if (action === 'cancel') {
    const stops = own && isRunning(own.status) ? [own.name] : [];
    const skips = own?.allowFailure ? [] : names(behind, ({ status }) => status === 'created');
    return { starts: [], stops, skips };
  }
  const starts = names(behind, ({ status }) => status === 'skipped' || status === 'created');
  return { starts: [...(own ? [own.name] : []), ...starts], stops: [], skips: [] };
}

/** A retry starts every failed and canceled job anew and takes up what was skipped; a cancel ends all that has not ended. */
export function pipelineConsequences({ jobs }: PipelineGraph, action: PipelineAction): Consequences {
  if (action === 'cancel')
    return {
      starts: [],
      stops: names(jobs, ({ status }) => isRunning(status)),
      skips: names(jobs, ({ status }) => !hasEnded(status) && !isRunning(status)),
    };
  const isTakenUp = ({ status }: PipelineJob): boolean =>
    status === 'failed' || status === 'canceled' || status === 'skipped';
  return { starts: names(jobs, isTakenUp), stops: [], skips: [] };
}

/** Names that are listed; the rest is counted. */
const shown = 6;

/** In words, a line each: `starts 3: a, b, c`. */
export function describeConsequences({ starts, stops, skips }: Consequences): string[] {
  const line = (verb: string, list: readonly string[]): string[] =>
    list.length === 0 ? [] : [`${verb} ${list.length}: ${some(list)}`];
  return [...line('starts', starts), ...line('stops', stops), ...line('skips', skips)];
}

function some(list: readonly string[]): string {
  const rest = list.length - shown;
  return rest > 0 ? `${list.slice(0, shown).join(', ')} and ${rest} more` : list.join(', ');
}

function names(jobs: readonly PipelineJob[], isMeant: (job: PipelineJob) => boolean): string[] {
  return jobs.filter(isMeant).map(({ name }) => name);
}
