import { useSyncExternalStore } from 'react';
import type { PipelineGraph } from '../../source/core/pipeline/graph.ts';
import type { Bindings } from '../actions/action.ts';
import { type Host, useHost } from '../host.ts';
import { useActions } from '../keys/hooks.ts';
import { openScreen, setList } from '../state/ui.ts';
import { placeOf } from './stageView.ts';
import { listId, type PipelineModel, troubleId } from './usePipeline.ts';
import { actOnJob, actOnPipeline, jobDisabled, pipelineDisabled } from './write.ts';

/** Binds what can be done with the pipeline and the selected job. */
export function usePipelineActions(model: PipelineModel | undefined, isActive: boolean): void {
  const host = useHost();
  const { ui } = host;
  useArmed(host);
  const none = model ? undefined : 'there is no pipeline';
  const step = (by: number) => ({
    run: () => model && moveColumn(model, by, (key) => setList(ui, listId, { selected: key })),
    disabled: none ?? (model && model.columns.length < 2 ? 'there is one column' : undefined),
  });
  const onAll = (action: 'retry' | 'cancel') => ({
    run: () => void (model && actOnPipeline(host, model.view, model.graph, action)),
    disabled: pipelineDisabled(host, model?.view, action),
  });
  useActions(
    'pipeline',
    {
      ...jobBindings(host, model?.graph, model?.selected),
      'pipeline.right': step(1),
      'pipeline.left': step(-1),
      'pipeline.errors': {
        run: () => ui.set(({ views }) => ({ views: { ...views, [troubleId]: 1 - (views[troubleId] ?? 0) } })),
        disabled: none,
      },
      'pipeline.choose': { run: () => openScreen(ui, { kind: 'pipelines' }) },
      'pipeline.what-if': {
        run: () => openScreen(ui, { kind: 'what-if' }),
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
  graph: PipelineGraph | undefined,
  index: number | undefined,
  isActive: boolean,
): void {
  const host = useHost();
  useArmed(host);
  useActions('pipeline', jobBindings(host, graph, index), isActive);
}

function useArmed({ workspace }: Host): void {
  useSyncExternalStore(workspace.gate.subscribe, () => workspace.gate.armed().state);
}

function jobBindings(host: Host, graph: PipelineGraph | undefined, index: number | undefined): Bindings {
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
    'pipeline.retry': act('retry'),
    'pipeline.play': act('play'),
    'pipeline.cancel': act('cancel'),
  };
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
