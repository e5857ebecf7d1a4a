import type { PipelineGraph } from '../../source/core/pipeline/graph.ts';
import { scrollTop } from '../state/listWindow.ts';
import { fitLine } from '../text/fit.ts';
import { statusSpan } from '../text/glyphs.ts';
import { type Line, span } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import { type CellOptions, groupStatus, rowCell } from './cell.ts';
import type { PipelineRow } from './model.ts';

/** A column of the grid: what heads it and the rows that can be selected. */
export interface GridColumn {
  readonly title: string;
  readonly jobs: readonly number[];
  readonly rows: readonly PipelineRow[];
}

/** Where the grid stood before, so that it moves as little as it can. */
export interface GridPlace {
  readonly left: number;
  readonly tops: readonly number[];
}

export interface GridOptions {
  readonly graph: PipelineGraph;
  readonly columns: readonly GridColumn[];
  /** Key of the selected row. */
  readonly selected: string | undefined;
  readonly width: number;
  readonly height: number;
  readonly place: GridPlace;
  readonly cell: Omit<CellOptions, 'width' | 'isSelected' | 'graph'>;
}

export interface Grid {
  readonly lines: readonly Line[];
  readonly place: GridPlace;
  /** How many columns are on the screen, from `place.left` on. */
  readonly shown: number;
}

/** Cells of a column where all fit, where not all do, and at most. */
const [narrowest, readable, widest] = [18, 23, 38];
const gap = 2;

/** How many columns fit, and how wide each is: all where they can, else as many as leave room for names and times. */
export function columnWidths(count: number, width: number, between: number): { shown: number; each: number } {
  const fitting = (each: number): number => Math.floor((width + between) / (each + between));
  const shown = count <= fitting(narrowest) ? Math.max(1, count) : Math.max(1, fitting(readable));
  const each = Math.min(widest, Math.floor((width - between * (shown - 1)) / shown));
  return { shown, each };
}

interface KeyPlace {
  readonly column: number;
  readonly row: number;
}

const indexes = new WeakMap<readonly GridColumn[], ReadonlyMap<string, KeyPlace>>();

/** Which column and row the key is in; row -1 where it is not. The same columns are indexed once. */
export function placeOf(columns: readonly GridColumn[], key: string | undefined): KeyPlace {
  let index = indexes.get(columns);
  if (!index) {
    index = new Map(
      columns.flatMap(({ rows }, column) => rows.map((one, row) => [one.key, { column, row }] as const)),
    );
    indexes.set(columns, index);
  }
  return (key === undefined ? undefined : index.get(key)) ?? { column: 0, row: -1 };
}

/** Jobs in columns by stage, windowed in both directions around the selected row. */
export function stageGrid(options: GridOptions): Grid {
  const { graph, columns, selected, width, height, cell } = options;
  const { glyphs } = cell;
  const { column: at, row: selectedRow } = placeOf(columns, selected);
  const { shown, each } = columnWidths(columns.length, width, gap);
  const left = scrollTop(options.place.left, at, shown, columns.length);
  const room = Math.max(1, height - 1);
  const tops = columns.map(({ rows }, index) =>
    scrollTop(
      options.place.tops[index] ?? 0,
      index === at ? Math.max(0, selectedRow) : (options.place.tops[index] ?? 0),
      room,
      rows.length,
    ),
  );
  const visible = columns.slice(left, left + shown);
  const heads = visible.map((column, index) =>
    columnHead(graph, column, each, cell, tops[left + index] ?? 0, room),
  );
  const lines: Line[] = [join(heads, gap)];
  for (let row = 0; row < room; row += 1) {
    const parts = visible.map((column, index): Line => {
      const one = column.rows[(tops[left + index] ?? 0) + row];
      if (!one) return fitLine([], each, glyphs.ellipsis);
      return rowCell(one, { ...cell, graph, width: each, isSelected: one.key === selected });
    });
    lines.push(join(parts, gap));
  }
  return { lines, place: { left, tops }, shown };
}

interface ColumnState extends ReturnType<typeof groupStatus> {
  readonly done: number;
}

const states = new WeakMap<readonly number[], ColumnState>();

/** How the jobs of a column stand; the same list is counted once. */
function stateOf(graph: PipelineGraph, jobs: readonly number[]): ColumnState {
  const known = states.get(jobs);
  if (known) return known;
  const members = jobs.flatMap((index) => graph.jobs[index] ?? []);
  const state = {
    ...groupStatus(members),
    done: members.filter(({ status }) => status === 'success').length,
  };
  states.set(jobs, state);
  return state;
}

/** `✔ build  3/12 ↓40`. */
export function columnHead(
  graph: PipelineGraph,
  { title, jobs, rows }: GridColumn,
  width: number,
  { glyphs, marks }: Pick<CellOptions, 'glyphs' | 'marks'>,
  top: number,
  room: number,
): Line {
  const { status, allowFailure, done } = stateOf(graph, jobs);
  const below = rows.length - top - room;
  const hidden = `${top > 0 ? ` ${marks.up}${top}` : ''}${below > 0 ? ` ${marks.down}${below}` : ''}`;
  const line = [
    span(' '),
    statusSpan(status, glyphs, allowFailure),
    span(` ${safe(title)}`, 'accent', true),
    span(` ${done}/${jobs.length}`, 'dim'),
    span(hidden, 'faint'),
  ];
  return fitLine(line, width, glyphs.ellipsis);
}

function join(parts: readonly Line[], between: number): Line {
  return parts.flatMap((part, index) => (index === 0 ? [...part] : [span(' '.repeat(between)), ...part]));
}
