import { useSyncExternalStore } from 'react';
import { asFailure } from '../../source/core/failure.ts';
import type { PipelineJob, PipelineSummary } from '../../source/core/gitlab/model.ts';
import { ownDownstream } from '../../source/core/pipeline/started.ts';
import { hasEnded } from '../../source/core/pipeline/timing.ts';
import type { PipelineView } from '../../source/monitor/snapshot.ts';
import { type EditorPlace, openInEditor } from '../../source/services/editor/open.ts';
import type { Bindings } from '../actions/action.ts';
import { useActions } from '../hooks/useKeys.ts';
import { type Host, useHost } from '../host.ts';
import { closeScreen, openScreen, setList } from '../state/ui.ts';
import { safe } from '../text/safe.ts';
import { graphOf } from './model.ts';
import { placeOf } from './stageView.ts';
import { listId, type PipelineModel, troubleId } from './usePipeline.ts';
import { actOnJob, actOnPipeline, jobDisabled, pipelineDisabled } from './write.ts';
import { pan, zoom, zoomLevel } from './zoom.ts';

/** Binds what can be done with the pipeline and the selected job. */
export function usePipelineActions(
  model: PipelineModel | undefined,
  isActive: boolean,
  definition: EditorPlace | undefined,
): void {
  const host = useHost();
  const { ui, monitor } = host;
  useArmed(host);
  const none = model ? undefined : 'there is no pipeline';
  const selected = model?.selected === undefined ? undefined : model.graph.jobs[model.selected];
  const step = (by: 1 | -1) => ({
    run() {
      if (model?.isTimeline) pan(ui, model.times.timing, model.selected, by);
      else if (model) moveColumn(model, by, (key) => setList(ui, listId, { selected: key }));
    },
    disabled: none ?? (model && stuck(model, zoomLevel(ui.get().views))),
  });
  const look = (by: 1 | -1) => ({
    run: () => model && zoom(ui, model.times.timing, model.selected, by),
    disabled: none ?? (model?.isTimeline ? undefined : 'only in the timeline: v turns the view'),
  });
  const onAll = (action: 'retry' | 'cancel') => ({
    run: () => void (model && actOnPipeline(host, model.view, model.graph, action)),
    disabled: pipelineDisabled(host, model?.view, action),
  });
  const earlier = model && earlierPipeline(model.view.pipeline, monitor.snapshot().pipelines.value ?? []);
  useActions(
    'pipeline',
    {
      ...jobBindings(host, model?.view, model?.selected, definition),
      ...parentBinding(host, model?.view),
      'pipeline.right': step(1),
      'pipeline.left': step(-1),
      'pipeline.closer': look(1),
      'pipeline.wider': look(-1),
      'pipeline.errors': {
        run: () => ui.set(({ views }) => ({ views: { ...views, [troubleId]: 1 - (views[troubleId] ?? 0) } })),
        disabled: none,
      },
      'pipeline.choose': { run: () => openScreen(ui, { kind: 'pipelines' }) },
      'pipeline.compare': {
        run: () =>
          earlier &&
          model &&
          openScreen(ui, { kind: 'compare', before: earlier, after: model.view.pipeline.id }),
        disabled:
          none ??
          (earlier === undefined ? 'no earlier pipeline of this ref is known; choose two with H' : undefined),
      },
      'pipeline.what-if': {
        run: () => openScreen(ui, { kind: 'what-if', job: selected?.name }),
        disabled: none ?? (model?.graph.jobs.length === 0 ? 'there are no jobs' : undefined),
      },
      'pipeline.retry-all': onAll('retry'),
      'pipeline.cancel-all': onAll('cancel'),
    },
    isActive,
  );
}

/** Binds what can be done with one job. */
export function useJobActions(
  view: PipelineView | undefined,
  index: number | undefined,
  isActive: boolean,
  definition: EditorPlace | undefined,
): void {
  const host = useHost();
  useArmed(host);
  useActions('pipeline', jobBindings(host, view, index, definition), isActive);
}

function useArmed({ workspace }: Host): void {
  useSyncExternalStore(workspace.gate.subscribe, () => workspace.gate.armed().state);
}

function jobBindings(
  host: Host,
  view: PipelineView | undefined,
  index: number | undefined,
  definition: EditorPlace | undefined,
): Bindings {
  const graph = view && graphOf(view);
  const job = index === undefined ? undefined : graph?.jobs[index];
  const act = (action: 'retry' | 'play' | 'cancel') => ({
    run: () => void (graph && index !== undefined && actOnJob(host, graph, index, action)),
    disabled: jobDisabled(host, job, action),
  });
  return {
    'pipeline.log': {
      run: () => job && openScreen(host.ui, { kind: 'log', job }),
      disabled: job ? (job.kind === 'bridge' ? 'a bridge has no log' : undefined) : 'no job is selected',
    },
    ...childBinding(host, view, job),
    'pipeline.edit': {
      run: () => void (definition && edit(host, definition)),
      disabled: definition ? undefined : 'the checkout does not define this job',
    },
    'pipeline.retry': act('retry'),
    'pipeline.play': act('play'),
    'pipeline.cancel': act('cancel'),
  };
}

/** Of a bridge only: other jobs start no pipeline. */
function childBinding(
  { monitor, ui }: Host,
  view: PipelineView | undefined,
  job: PipelineJob | undefined,
): Bindings {
  if (!view || job?.kind !== 'bridge') return {};
  const child = ownDownstream(job, view.pipeline);
  const why = job.downstream
    ? 'its pipeline is of another project: o opens it there'
    : 'it has started no pipeline';
  return {
    'pipeline.child': {
      run() {
        lookInto(ui, monitor, child?.id);
        // The detail of the bridge is of the pipeline that is left.
        if (ui.get().screens.at(-1)?.kind === 'job') closeScreen(ui);
      },
      disabled: child ? undefined : why,
    },
  };
}

/** Where a bridge started the pipeline that is looked at. */
function parentBinding({ monitor, ui }: Host, { upstream }: Partial<PipelineView> = {}): Bindings {
  if (!upstream) return {};
  const { id, project } = upstream;
  const path = monitor.snapshot().project.value?.path;
  const isOther = project !== undefined && path !== undefined && project !== path;
  return {
    'pipeline.parent': {
      run: () => lookInto(ui, monitor, id),
      disabled: isOther ? `it is one of ${safe(project)}` : undefined,
    },
  };
}

/** Another pipeline, all of it: a filter was for the jobs of the one before. */
function lookInto(ui: Host['ui'], monitor: Host['monitor'], pipeline: number | undefined): void {
  setList(ui, listId, { filter: '' });
  monitor.lookAt(pipeline);
}

async function edit({ suspend, notify }: Host, place: EditorPlace): Promise<void> {
  try {
    await suspend(() => openInEditor(place));
  } catch (thrown) {
    const { saw, next } = asFailure(thrown, `edit ${place.file}`);
    notify([saw, ...next].join(' '), 'warn');
  }
}

/** Why there is nothing at the side. */
function stuck({ isTimeline, columns }: PipelineModel, level: number): string | undefined {
  if (isTimeline) return level === 0 ? 'all of the time is shown: . goes closer' : undefined;
  return columns.length < 2 ? 'there is one column' : undefined;
}

/** The id of the newest finished pipeline of the same ref before this one. */
function earlierPipeline(
  { id, ref }: PipelineSummary,
  known: readonly PipelineSummary[],
): number | undefined {
  return known.find((one) => one.ref === ref && one.id < id && hasEnded(one.status))?.id;
}

/** Selects the row at the same height in the next column that has rows. */
function moveColumn({ columns, list }: PipelineModel, by: number, select: (key: string) => void): void {
  const at = placeOf(columns, list.selected?.key);
  for (let column = at.column + by; column >= 0 && column < columns.length; column += by) {
    const rows = columns[column]?.rows ?? [];
    const row = rows[Math.min(Math.max(0, at.row), rows.length - 1)];
    if (!row) continue;
    select(row.key);
    return;
  }
}
