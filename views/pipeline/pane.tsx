import type { ReactNode } from 'react';
import { noHistory } from '../../source/core/pipeline/history.ts';
import { useNow } from '../hooks/useTime.ts';
import type { PaneProps } from '../paneProps.ts';
import { emptyLines, stateSpans } from '../text/failure.ts';
import { fitLine } from '../text/fit.ts';
import { type Line, span } from '../text/line.ts';
import { marksOf } from '../text/marks.ts';
import { safe } from '../text/safe.ts';
import { type FrameRow, frame, innerSize } from '../widgets/frame.ts';
import { Lines } from '../widgets/lines.tsx';
import { rowCell } from './cell.ts';
import { noJobLine, pipelineFoot, pipelineTitle, timeSpans } from './titles.ts';
import { type PipelineModel, usePipeline } from './usePipeline.ts';
import { usePipelineActions } from './usePipelineActions.ts';

const oneView = ['by stage'];

/** The jobs of the pipeline that is looked at, by stage, parallel ones folded. */
export function PipelinePane(props: PaneProps): ReactNode {
  const { snapshot, size, theme, isFocused } = props;
  const { glyphs } = theme;
  const inner = innerSize(size);
  const model = usePipeline(props, inner.rows, noHistory, oneView);
  usePipelineActions(model, isFocused, undefined);
  const now = useNow();
  const state = stateSpans(snapshot.pipeline, now, glyphs);
  const rows: FrameRow[] = model
    ? jobRows(model, inner.columns, props)
    : (emptyLines(snapshot.pipeline, inner.columns, glyphs) ?? []).map((line) => ({ line }));
  const painted = frame(rows, {
    title: pipelineTitle(model, isFocused, glyphs),
    note: model && state.length === 0 ? timeSpans(model) : state,
    ...(model ? { foot: pipelineFoot(model, undefined, glyphs) } : {}),
    size,
    theme,
    isFocused,
  });
  return <Lines rows={painted} size={size} />;
}

function jobRows(model: PipelineModel, width: number, { theme, isFocused }: PaneProps): FrameRow[] {
  const { glyphs } = theme;
  const { list, graph, times, seconds, kept } = model;
  if (kept.length === 0) return [{ line: noJobLine(model) }];
  const stage = width >= 50 ? 14 : 0;
  return list.visible.map((row): FrameRow => {
    const isSelected = row === list.selected && isFocused;
    const first = row.kind === 'job' ? row.job : row.jobs[0];
    const name = stage === 0 ? '' : safe(graph.jobs[first ?? -1]?.stage ?? '');
    const cell = rowCell(row, {
      graph,
      glyphs,
      marks: marksOf(theme),
      width: width - stage - (stage > 0 ? 2 : 0),
      isSelected,
      critical: times.path.on,
      seconds,
    });
    const line: Line =
      stage === 0 ? cell : [...cell, span('  '), ...fitLine([span(name, 'dim')], stage, glyphs.ellipsis)];
    return { line, selected: isSelected };
  });
}
