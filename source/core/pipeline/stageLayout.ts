import type { PipelineGraph } from './graph.ts';
import { statusOf } from './jobStatus.ts';
import type { JobStatus } from './status.ts';

/** A line of a column: a job, or the head of several that parallel or matrix made of one. */
export type StageRow =
  | { readonly kind: 'job'; readonly job: number /** Within an open group. */; readonly inGroup: boolean }
  | {
      readonly kind: 'group';
      readonly name: string;
      /** Names the group among all stages. */
      readonly key: string;
      readonly jobs: readonly number[];
      readonly status: JobStatus;
      readonly isOpen: boolean;
    };

export interface StageColumn {
  readonly stage: string;
  readonly status: JobStatus;
  readonly rows: readonly StageRow[];
  /** Jobs shown and jobs there are. */
  readonly shown: number;
  readonly total: number;
}

/** Jobs in columns by stage, groups folded unless their key is in `open`. O(jobs). */
export function stageColumns(
  graph: PipelineGraph,
  shows: (job: number) => boolean,
  open: ReadonlySet<string>,
): StageColumn[] {
  const members: number[][] = graph.stages.map(() => []);
  for (const [job, stage] of graph.stageOf.entries()) members[stage]?.push(job);
  return graph.stages.map((stage, index) => {
    const all = members[index] ?? [];
    const jobs = all.filter(shows);
    return {
      stage,
      status: statusOf(pick(graph, all)),
      rows: rowsOf(graph, stage, jobs, open),
      shown: jobs.length,
      total: all.length,
    };
  });
}

function rowsOf(
  graph: PipelineGraph,
  stage: string,
  jobs: readonly number[],
  open: ReadonlySet<string>,
): StageRow[] {
  const rows: StageRow[] = [];
  for (let at = 0; at < jobs.length; ) {
    const name = graph.groups[jobs[at] ?? 0] ?? '';
    let end = at + 1;
    while (end < jobs.length && graph.groups[jobs[end] ?? 0] === name) end += 1;
    const together = jobs.slice(at, end);
    at = end;
    const isGroup = together.length > 1;
    const key = `${stage}\0${name}`;
    if (isGroup)
      rows.push({
        kind: 'group',
        name,
        key,
        jobs: together,
        status: statusOf(pick(graph, together)),
        isOpen: open.has(key),
      });
    if (isGroup && !open.has(key)) continue;
    for (const job of together) rows.push({ kind: 'job', job, inGroup: isGroup });
  }
  return rows;
}

function pick({ jobs }: PipelineGraph, numbers: readonly number[]) {
  return numbers.flatMap((number) => jobs[number] ?? []);
}
