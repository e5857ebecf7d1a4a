import type { PipelineJob } from '../gitlab/model.ts';
import { type Summary, summarize } from '../statistics.ts';
import { groupName } from './group.ts';
import type { Expectation } from './timing.ts';

/** What past pipelines say: how long jobs run, and how long jobs with certain tags wait. Seconds. */
export interface History {
  /** Pipelines that it is from. */
  readonly pipelines: number;
  readonly durations: ReadonlyMap<string, Summary>;
  /** By group name, for parallel jobs whose number changed. */
  readonly groups: ReadonlyMap<string, Summary>;
  /** By tags, sorted and joined with a comma; the empty name for jobs without tags. */
  readonly queues: ReadonlyMap<string, Summary>;
  /** The values behind `durations`, oldest first. */
  readonly samples: ReadonlyMap<string, readonly number[]>;
}

export const noHistory: History = {
  pipelines: 0,
  durations: new Map(),
  groups: new Map(),
  queues: new Map(),
  samples: new Map(),
};

/** Learns from the jobs of past pipelines, oldest pipeline first. Only jobs that succeeded tell how long they run. */
export function historyOf(pipelines: readonly (readonly PipelineJob[])[]): History {
  const samples = new Map<string, number[]>();
  const groups = new Map<string, number[]>();
  const queues = new Map<string, number[]>();
  for (const job of pipelines.flat()) {
    if (job.startedAt === undefined) continue;
    if (job.kind === 'build' && job.queuedDuration !== undefined)
      add(queues, tagKey(job.tags), job.queuedDuration);
    if (job.status !== 'success' || job.duration === undefined) continue;
    add(samples, job.name, job.duration);
    add(groups, groupName(job.name), job.duration);
  }
  return {
    pipelines: pipelines.length,
    durations: summaries(samples),
    groups: summaries(groups),
    queues: summaries(queues),
    samples,
  };
}

/** How long a job is expected to run and to wait; undefined fields are not known. A bridge waits for no runner, and lasts as long as what it mirrors. */
export function expectation(history: History, job: Pick<PipelineJob, 'name' | 'tags' | 'kind'>): Expectation {
  const duration = usualDuration(history, job.name)?.median;
  if (job.kind === 'bridge') return { duration: duration ?? 0, queue: 0 };
  const queue = history.queues.get(tagKey(job.tags))?.median;
  return { ...(duration === undefined ? {} : { duration }), ...(queue === undefined ? {} : { queue }) };
}

/** By name, or by the group it belongs to. */
export function usualDuration(history: History, name: string): Summary | undefined {
  return history.durations.get(name) ?? history.groups.get(groupName(name));
}

function tagKey(tags: readonly string[]): string {
  return tags.toSorted().join(',');
}

function add(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function summaries(lists: ReadonlyMap<string, readonly number[]>): Map<string, Summary> {
  const result = new Map<string, Summary>();
  for (const [key, values] of lists) {
    const summary = summarize(values);
    if (summary) result.set(key, summary);
  }
  return result;
}
