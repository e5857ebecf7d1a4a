import { dependants, type PipelineGraph } from '../../source/core/pipeline/graph.ts';
import { scrollTop } from '../state/listWindow.ts';
import { fitLine } from '../text/fit.ts';
import { type Line, span, type Tone } from '../text/line.ts';
import type { Marks } from '../text/marks.ts';
import { rowCell } from './cell.ts';
import { jobKey } from './model.ts';
import {
  columnHead,
  columnWidths,
  type Grid,
  type GridColumn,
  type GridOptions,
  placeOf,
} from './stageView.ts';

export interface NeedsOptions extends GridOptions {
  /** Jobs that the selected one waits for, and those that wait for it, over any number of steps. */
  readonly upstream: ReadonlySet<number>;
  readonly downstream: ReadonlySet<number>;
}

const gutter = 3;
/** The row under the heads, along which edges pass over the layers between. */
const bus = -1;

/** Jobs in layers, with the edges of the selected one drawn to all its neighbours, and all that hangs on it lit. */
export function needsGrid(options: NeedsOptions): Grid {
  const { graph, columns, selected, width, height, cell, upstream, downstream } = options;
  const { glyphs, marks } = cell;
  const at = placeOf(columns, selected);
  const { shown, each } = columnWidths(columns.length, width, gutter);
  const left = scrollTop(options.place.left, at.column, shown, columns.length);
  const hasBus = columns.length > 2 && height > 4;
  const room = Math.max(1, height - (hasBus ? 2 : 1));
  const chosen = jobAt(columns[at.column], at.row);
  const near = neighboursOf(graph, columns, chosen);
  const tops = columns.map((column, index) => {
    const before = options.place.tops[index] ?? 0;
    if (index < left || index >= left + shown) return before;
    return index === at.column
      ? scrollTop(before, Math.max(0, at.row), room, column.rows.length)
      : litTop(column, near.get(index), before, room, upstream, downstream);
  });
  const visible = columns.slice(left, left + shown);
  const heads = visible.map((column, index) =>
    columnHead(graph, column, each, cell, tops[left + index] ?? 0, room),
  );
  const edges: Edges = { near, at, tops, room, marks };
  const gutters = visible.slice(1).map((_, index) => drawGutter(left + index, edges));
  const between = (row: number) => (index: number) => [
    span(gutters[index]?.[row + 1] ?? ' '.repeat(gutter), 'accent'),
  ];
  const tone = (job: number): Tone =>
    job === chosen ? 'text' : upstream.has(job) ? 'info' : downstream.has(job) ? 'running' : 'faint';
  const lines: Line[] = [interleave(heads, () => [span(' '.repeat(gutter))])];
  if (hasBus)
    lines.push(
      interleave(
        visible.map((_, index) => busOver(left + index, index === visible.length - 1, each, edges)),
        between(bus),
      ),
    );
  for (let row = 0; row < room; row += 1) {
    const parts = visible.map((column, index): Line => {
      const one = column.rows[(tops[left + index] ?? 0) + row];
      if (!one) return fitLine([], each, glyphs.ellipsis);
      const own = { ...cell, graph, width: each, isSelected: one.key === selected };
      const lit = one.kind === 'job' && chosen !== undefined ? { tone: tone(one.job) } : {};
      return rowCell(one, { ...own, ...lit });
    });
    lines.push(interleave(parts, between(row)));
  }
  return { lines, place: { left, tops }, shown };
}

/** Rows of the selected job's neighbours, by column. */
type Near = ReadonlyMap<number, readonly number[]>;

interface Edges {
  readonly near: Near;
  readonly at: { readonly column: number; readonly row: number };
  readonly tops: readonly number[];
  readonly room: number;
  readonly marks: Marks;
}

function neighboursOf(
  graph: PipelineGraph,
  columns: readonly GridColumn[],
  chosen: number | undefined,
): Near {
  const near = new Map<number, number[]>();
  if (chosen === undefined) return near;
  for (const job of new Set([...(graph.needs[chosen] ?? []), ...dependants(graph, chosen)])) {
    const one = graph.jobs[job];
    const { column, row } = one ? placeOf(columns, jobKey(one)) : { column: 0, row: -1 };
    if (row < 0) continue;
    const rows = near.get(column);
    if (rows) rows.push(row);
    else near.set(column, [row]);
  }
  return near;
}

/** Whether an edge passes over a layer: to the right of the selected job on its way there, to the left on its way from there. */
function passes({ near, at }: Edges, column: number): boolean {
  if (column === at.column) return false;
  return [...near.keys()].some((other) => (column < at.column ? other < column : other > column));
}

function busOver(column: number, isLast: boolean, each: number, edges: Edges): Line {
  if (!passes(edges, column)) return [span(' '.repeat(each))];
  const line = (edges.marks.lines[horizontal] ?? '').repeat(each - (isLast ? 1 : 0));
  return [span(isLast ? `${line}${edges.marks.into}` : line, 'accent')];
}

const [up, toRight, down, toLeft] = [1, 2, 4, 8];
const horizontal = toLeft | toRight;

/** The edges in the gap behind a column, a text a row, the bus first. */
function drawGutter(column: number, edges: Edges): string[] {
  const { near, at, tops, room, marks } = edges;
  const next = column + 1;
  const rowsIn = (index: number): number[] => (near.get(index) ?? []).map((row) => row - (tops[index] ?? 0));
  const own = at.row - (tops[at.column] ?? 0);
  const isBefore = next <= at.column;
  const from = isBefore ? rowsIn(column) : column === at.column ? [own] : [];
  const to = isBefore ? (next === at.column ? [own] : []) : rowsIn(next);
  if (column !== at.column && passes(edges, column)) from.push(bus);
  if (next !== at.column && (isBefore ? from.length > 0 : passes(edges, next))) to.push(bus);
  if (from.length === 0 || to.length === 0) return [];
  const all = [...from, ...to];
  const [first, last] = [Math.min(...all), Math.max(...all)];
  return Array.from({ length: room + 1 }, (_, index) => {
    const row = index + bus;
    const [touchesLeft, touchesRight] = [from.includes(row), to.includes(row)];
    const bits =
      (row > first && row <= last ? up : 0) |
      (row < last && row >= first ? down : 0) |
      (touchesLeft ? toLeft : 0) |
      (touchesRight ? toRight : 0);
    const line = marks.lines[horizontal] ?? ' ';
    const end = touchesRight ? (row === bus ? line : marks.into) : ' ';
    return `${touchesLeft ? line : ' '}${marks.lines[bits] ?? ' '}${end}`;
  });
}

/** Moves a column as little as shows its first neighbour of the selected job, else the first that is lit. */
function litTop(
  { rows }: GridColumn,
  near: readonly number[] | undefined,
  before: number,
  room: number,
  upstream: ReadonlySet<number>,
  downstream: ReadonlySet<number>,
): number {
  const first = near
    ? Math.min(...near)
    : rows.findIndex((row) => row.kind === 'job' && (upstream.has(row.job) || downstream.has(row.job)));
  const kept = scrollTop(before, before, room, rows.length);
  if (first < 0 || (first >= kept && first < kept + room)) return kept;
  return Math.min(first, Math.max(0, rows.length - room));
}

function jobAt(column: GridColumn | undefined, row: number): number | undefined {
  const one = column?.rows[row];
  return one?.kind === 'job' ? one.job : undefined;
}

function interleave(parts: readonly Line[], between: (index: number) => Line): Line {
  return parts.flatMap((part, index) => (index === 0 ? [...part] : [...between(index - 1), ...part]));
}
