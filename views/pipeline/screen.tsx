import { Box } from 'ink';
import { type ReactNode, useMemo, useRef } from 'react';
import { dependants, downstream, upstream } from '../../source/core/pipeline/graph.ts';
import type { History } from '../../source/core/pipeline/history.ts';
import { useNow } from '../hooks/useTime.ts';
import { useHost } from '../host.ts';
import type { PaneProps } from '../paneProps.ts';
import { useSlice } from '../state/store.ts';
import { emptyLines, stateSpans } from '../text/failure.ts';
import type { Glyphs } from '../text/glyphs.ts';
import { type Line, span } from '../text/line.ts';
import { marksOf } from '../text/marks.ts';
import { safe } from '../text/safe.ts';
import type { Size } from '../text/size.ts';
import { frame, innerSize } from '../widgets/frame.ts';
import { Lines } from '../widgets/lines.tsx';
import { definitionOf } from './definition.ts';
import { edgesText, jobDetail } from './detail.ts';
import { useHistory } from './history/history.ts';
import { needsGrid } from './needsView.ts';
import { type GridPlace, stageGrid } from './stageView.ts';
import { legend, timelineLines } from './timelineView.ts';
import { noJobLine, pipelineFoot, pipelineTitle, timeSpans } from './titles.ts';
import { useChild } from './useChild.ts';
import { useDefined } from './useDefined.ts';
import { listId, type PipelineModel, pipelineViews, usePipeline } from './usePipeline.ts';
import { usePipelineActions } from './usePipelineActions.ts';
import { useSettled } from './useSettled.ts';
import { shownPart } from './zoom.ts';

/** From this width on, the detail of the selected job stands beside the view. */
const detailFrom = 130;
const besideWidth = 50;
/** Milliseconds that the selection rests before the detail follows. */
const restMs = 120;
/** In larger pipelines all that hangs on a job is lit once the selection rests; its neighbours at once. */
const many = 1_000;
const nobody: ReadonlySet<number> = new Set();
const start: GridPlace = { left: 0, tops: [] };

/** The pipeline over the whole screen: by stage, by needs, or in time. */
export function PipelineScreen(props: PaneProps): ReactNode {
  const { snapshot, size, theme, isFocused } = props;
  const { ui } = useHost();
  const { glyphs } = theme;
  const isSplit = size.columns >= detailFrom;
  const main: Size = isSplit ? { ...size, columns: size.columns - besideWidth } : size;
  const inner = innerSize(main);
  const history = useHistory();
  const model = usePipeline(props, Math.max(1, inner.rows - 2), history, pipelineViews);
  const job = model?.selected === undefined ? undefined : model.graph.jobs[model.selected];
  usePipelineActions(model, isFocused, definitionOf(snapshot, job?.name));
  const view = useSlice(ui, ({ views }) => views[listId] ?? 0);
  const now = useNow();
  const { lines, hidden, legend: key } = useViewLines(model, view, inner, props);
  const state = stateSpans(snapshot.pipeline, now, glyphs);
  const body = model
    ? [...padded(lines, inner.rows - 1), key ?? footLine(model, hidden, glyphs)]
    : (emptyLines(snapshot.pipeline, inner.columns, glyphs) ?? []);
  const painted = frame(
    body.map((line) => ({ line })),
    {
      title: pipelineTitle(model, isFocused, glyphs),
      note: [...(model ? timeSpans(model) : []), ...(state.length > 0 ? [span(' '), ...state] : [])],
      ...(model ? { foot: pipelineFoot(model, pipelineViews[view], glyphs) } : {}),
      size: main,
      theme,
      isFocused,
    },
  );
  const { columns, rows } = size;
  const beside = useMemo(() => ({ columns: besideWidth, rows }), [rows]);
  if (!isSplit) return <Lines rows={painted} size={size} />;
  return (
    <Box width={columns} height={rows}>
      <Lines rows={painted} size={main} />
      <Beside model={model} history={history} size={beside} snapshot={snapshot} theme={theme} />
    </Box>
  );
}

/** Which columns are on the screen, where not all are; who drew the edges. */
function footLine({ graph, columns }: PipelineModel, hidden: Hidden | undefined, glyphs: Glyphs): Line {
  const edges = span(edgesText(graph), graph.exact ? 'faint' : 'warn');
  if (!hidden) return [edges];
  const { left, right } = hidden;
  const range = `${left + 1}${glyphs.dash}${columns.length - right} of ${columns.length}`;
  const more = columns.slice(columns.length - right).map(({ title }) => safe(title));
  const next = right === 0 ? '' : `, then ${more.join(', ')}`;
  return [span(`columns ${range}${next}`, 'info'), span(` ${glyphs.dot} `, 'faint'), edges];
}

/** Columns that are not on the screen, at either side. */
interface Hidden {
  readonly left: number;
  readonly right: number;
}

interface ViewLines {
  readonly lines: readonly Line[];
  readonly hidden?: Hidden;
  /** Stands at the bottom. */
  readonly legend?: Line;
}

function padded(lines: readonly Line[], rows: number): Line[] {
  return Array.from({ length: Math.max(0, rows) }, (_, row) => lines[row] ?? []);
}

interface BesideProps extends Pick<PaneProps, 'size' | 'snapshot' | 'theme'> {
  readonly model: PipelineModel | undefined;
  readonly history: History;
}

function Beside({ model, history, size, snapshot, theme }: BesideProps): ReactNode {
  const width = innerSize(size).columns;
  const selected = useSettled(model?.selected, restMs);
  const job = selected === undefined ? undefined : model?.graph.jobs[selected];
  const definition = definitionOf(snapshot, job?.name);
  const pipeline = model?.view.pipeline;
  const defined = useDefined(snapshot, pipeline);
  const child = useChild(job, pipeline);
  const { graph, times } = model ?? {};
  const rows = useMemo(() => {
    const lines =
      selected === undefined || !graph || !times
        ? [[span('no job is selected', 'dim')]]
        : jobDetail(selected, {
            graph,
            times,
            history,
            glyphs: theme.glyphs,
            width,
            definition,
            defined,
            child,
            pipeline,
          });
    return frame(
      lines.map((line) => ({ line })),
      { title: [span('Job', 'dim')], size, theme, isFocused: false },
    );
  }, [selected, graph, times, history, theme, width, definition, defined, child, pipeline, size]);
  return <Lines rows={rows} size={size} />;
}

function useViewLines(
  model: PipelineModel | undefined,
  view: number,
  { columns: width, rows }: Size,
  { theme }: PaneProps,
): ViewLines {
  const { ui } = useHost();
  const views = useSlice(ui, (state) => state.views);
  const places = useRef<GridPlace[]>([]);
  const graph = model?.graph;
  const selected = model?.selected;
  const rested = useSettled(selected, restMs);
  const isFar = rested === selected || (graph?.jobs.length ?? 0) <= many;
  const lit = useMemo(() => {
    if (!graph || selected === undefined || view !== 1) return { before: nobody, after: nobody };
    if (isFar) return { before: upstream(graph, selected), after: downstream(graph, selected) };
    return { before: new Set(graph.needs[selected]), after: new Set(dependants(graph, selected)) };
  }, [graph, selected, view, isFar]);
  if (!model) return { lines: [] };
  const { list, columns, times, seconds, kept } = model;
  if (kept.length === 0) return { lines: [noJobLine(model)] };
  const height = Math.max(1, rows - 1);
  const marks = marksOf(theme);
  const { glyphs } = theme;
  if (view === 2) {
    const timeline = timelineLines({
      graph: model.graph,
      timing: times.timing,
      critical: times.path.on,
      jobs: list.visible.flatMap((row) => (row.kind === 'job' ? [row.job] : [])),
      selected,
      part: shownPart(times.timing, views, selected),
      width,
      glyphs,
      marks,
    });
    return { lines: timeline, legend: legend(marks) };
  }
  const options = {
    graph: model.graph,
    columns,
    selected: list.selected?.key,
    width,
    height,
    place: places.current[view] ?? start,
    cell: { glyphs, marks, critical: times.path.on, seconds },
  };
  const grid =
    view === 1 ? needsGrid({ ...options, upstream: lit.before, downstream: lit.after }) : stageGrid(options);
  places.current[view] = grid.place;
  const right = columns.length - grid.place.left - grid.shown;
  const { left } = grid.place;
  return { lines: grid.lines, ...(left > 0 || right > 0 ? { hidden: { left, right } } : {}) };
}
