import { useMemo } from 'react';
import type { PipelineGraph } from '../../source/core/pipeline/graph.ts';
import type { History } from '../../source/core/pipeline/history.ts';
import { needsLayout } from '../../source/core/pipeline/needsLayout.ts';
import { stageColumns } from '../../source/core/pipeline/stageLayout.ts';
import { timelineOrder } from '../../source/core/pipeline/timelineLayout.ts';
import { hasEnded } from '../../source/core/pipeline/timing.ts';
import type { PipelineView } from '../../source/monitor/snapshot.ts';
import { type List, useList } from '../hooks/useList.ts';
import { useNow } from '../hooks/useTime.ts';
import { useHost } from '../host.ts';
import type { PaneProps } from '../paneProps.ts';
import { matches } from '../state/listWindow.ts';
import { useSlice } from '../state/store.ts';
import { emptyList, openScreen, setList } from '../state/ui.ts';
import {
  graphOf,
  isTrouble,
  jobKey,
  jobText,
  type PipelineRow,
  type PipelineTimes,
  rowKey,
  timesOf,
} from './model.ts';
import type { GridColumn } from './stageView.ts';

export const pipelineViews = ['by stage', 'by needs', 'timeline'] as const;

/** Names of this screen's state in the shared store. */
export const listId = 'pipeline';
const groupsId = 'pipeline.groups';
export const troubleId = 'pipeline.trouble';

export interface PipelineModel {
  readonly view: PipelineView;
  readonly graph: PipelineGraph;
  readonly times: PipelineTimes;
  /** GitLab's time, milliseconds since the epoch. */
  readonly now: number;
  readonly columns: readonly GridColumn[];
  readonly isTimeline: boolean;
  /** Rows of all columns that the filter keeps. */
  readonly kept: readonly PipelineRow[];
  readonly list: List<PipelineRow>;
  /** Number of the selected job. */
  readonly selected: number | undefined;
  readonly onlyTrouble: boolean;
  /** Seconds that a job ran, or runs. */
  readonly seconds: (job: number) => number | undefined;
}

const nothing: PipelineView['jobs'] = [];

/** The pipeline that is looked at, as rows and columns of one of the views, with the list keys bound. */
export function usePipeline(
  { snapshot, isFocused }: PaneProps,
  height: number,
  history: History,
  views: readonly string[],
): PipelineModel | undefined {
  const { ui } = useHost();
  const view = snapshot.pipeline.value;
  const viewIndex = useSlice(ui, (state) => (views.length > 1 ? (state.views[listId] ?? 0) : 0));
  const onlyTrouble = useSlice(ui, (state) => state.views[troubleId] === 1);
  const filter = useSlice(ui, ({ lists }) => lists[listId]?.filter ?? '');
  const open = useSlice(ui, ({ lists }) => (lists[groupsId] ?? emptyList).marked);
  const isLive = view !== undefined && !hasEnded(view.pipeline.status);
  const now = useNow(isLive ? 5_000 : 600_000) + snapshot.clockOffset;
  const graph = view ? graphOf(view) : graphOf({ jobs: nothing });
  const createdAt = view?.pipeline.createdAt ?? '';
  const times = useMemo(() => timesOf(graph, createdAt, now, history), [graph, createdAt, now, history]);
  const isFlat = filter !== '' || onlyTrouble;
  const order = viewIndex === 2 ? times.timing : undefined;
  const columns = useMemo(() => {
    const shows = (job: number): boolean => {
      const one = graph.jobs[job];
      return (
        one !== undefined &&
        (!onlyTrouble || isTrouble(one)) &&
        (filter === '' || matches(jobText(one), filter))
      );
    };
    if (order) return timelineColumns(graph, timelineOrder(order, shows));
    const all = viewIndex === 1 ? layerColumns(graph, shows) : stageGridColumns(graph, shows, open, isFlat);
    return isFlat ? all.filter(({ rows }) => rows.length > 0) : all;
  }, [graph, viewIndex, onlyTrouble, filter, open, isFlat, order]);
  const kept = useMemo(() => columns.flatMap(({ rows }) => rows), [columns]);
  const toggle = (key: string): void => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setList(ui, groupsId, { marked: next });
  };
  const jobOf = (row: PipelineRow) => (row.kind === 'job' ? graph.jobs[row.job] : undefined);
  const list = useList<PipelineRow>({
    id: listId,
    rows: kept,
    keyOf: rowKey,
    searchOf,
    height,
    isFocused,
    views,
    onOpen(row) {
      const job = jobOf(row);
      if (job) openScreen(ui, { kind: 'job', id: job.id });
      else toggle(row.key);
    },
    copyOf: (row) => jobOf(row)?.name ?? (row.kind === 'group' ? row.name : ''),
    urlOf(row) {
      const job = jobOf(row);
      // The page of a bridge is that of its pipeline.
      return job?.downstream?.webUrl ?? job?.webUrl ?? view?.pipeline.webUrl;
    },
  });
  if (!view) return undefined;
  const { timing } = times;
  return {
    view,
    graph,
    times,
    now,
    columns,
    isTimeline: viewIndex === 2,
    kept,
    list,
    selected: list.selected?.kind === 'job' ? list.selected.job : undefined,
    onlyTrouble,
    seconds(job) {
      const tense = timing.tense[job];
      const start = timing.start[job] ?? Number.NaN;
      if (tense === 'past') return ((timing.end[job] ?? start) - start) / 1_000;
      return tense === 'now' ? Math.max(0, (now - start) / 1_000) : undefined;
    },
  };
}

function searchOf({ search }: PipelineRow): string {
  return search;
}

const noneOpen: ReadonlySet<string> = new Set();

function stageGridColumns(
  graph: PipelineGraph,
  shows: (job: number) => boolean,
  open: ReadonlySet<string>,
  isFlat: boolean,
): GridColumn[] {
  const members: number[][] = graph.stages.map(() => []);
  for (const [job, stage] of graph.stageOf.entries()) members[stage]?.push(job);
  return stageColumns(graph, shows, isFlat ? noneOpen : open).map(({ stage, rows }, index) => ({
    title: stage,
    jobs: members[index] ?? [],
    rows: rows.flatMap((row): PipelineRow[] => {
      if (row.kind === 'job') return [jobRow(graph, row.job, row.inGroup && !isFlat)];
      if (isFlat) return row.jobs.map((job) => jobRow(graph, job, false));
      const { key, name, jobs, isOpen } = row;
      return [{ kind: 'group', key, name, jobs, isOpen, search: name }];
    }),
  }));
}

function layerColumns(graph: PipelineGraph, shows: (job: number) => boolean): GridColumn[] {
  const { layers } = needsLayout(graph, shows);
  return layers.map((jobs, index) => ({
    title: `layer ${index + 1}`,
    jobs,
    rows: jobs.map((job) => jobRow(graph, job, false)),
  }));
}

function timelineColumns(graph: PipelineGraph, jobs: readonly number[]): GridColumn[] {
  return [{ title: 'time', jobs, rows: jobs.map((job) => jobRow(graph, job, false)) }];
}

function jobRow(graph: PipelineGraph, job: number, inGroup: boolean): PipelineRow {
  const one = graph.jobs[job];
  return { kind: 'job', key: one ? jobKey(one) : '', job, inGroup, search: one ? jobText(one) : '' };
}
