import { dependants } from '../../source/core/pipeline/graph.ts';
import { scrollTop } from '../state/listWindow.ts';
import { fitLine } from '../text/fit.ts';
import { type Line, span, type Tone } from '../text/line.ts';
import { rowCell } from './cell.ts';
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

/** Jobs in layers, with the edges of the selected one drawn between its neighbours, and all that hangs on it lit. */
export function needsGrid(options: NeedsOptions): Grid {
  const { graph, columns, selected, width, height, cell, upstream, downstream } = options;
  const { glyphs, marks } = cell;
  const at = placeOf(columns, selected);
  const { shown, each } = columnWidths(columns.length, width, gutter);
  const left = scrollTop(options.place.left, at.column, shown, columns.length);
  const room = Math.max(1, height - 1);
  const isLit = (job: number): boolean => upstream.has(job) || downstream.has(job);
  const tops = columns.map((column, index) =>
    index === at.column
      ? scrollTop(options.place.tops[index] ?? 0, Math.max(0, at.row), room, column.rows.length)
      : litTop(column, options.place.tops[index] ?? 0, room, isLit),
  );
  const chosen = jobAt(columns[at.column], at.row);
  const neighbours =
    chosen === undefined ? [] : [...(graph.needs[chosen] ?? []), ...dependants(graph, chosen)];
  const visible = columns.slice(left, left + shown);
  const heads = visible.map((column, index) =>
    columnHead(graph, column, each, cell, tops[left + index] ?? 0, room),
  );
  const gutters = visible.slice(1).map((_, index) =>
    drawGutter({
      columns,
      tops,
      room,
      right: left + index + 1,
      at,
      chosen,
      neighbours,
      lines: marks.lines,
      into: marks.into,
    }),
  );
  const tone = (job: number): Tone =>
    job === chosen ? 'text' : upstream.has(job) ? 'info' : downstream.has(job) ? 'running' : 'faint';
  const lines: Line[] = [interleave(heads, () => [span(' '.repeat(gutter))])];
  for (let row = 0; row < room; row += 1) {
    const parts = visible.map((column, index): Line => {
      const one = column.rows[(tops[left + index] ?? 0) + row];
      if (!one) return fitLine([], each, glyphs.ellipsis);
      const own = { ...cell, graph, width: each, isSelected: one.key === selected };
      const lit = one.kind === 'job' && chosen !== undefined ? { tone: tone(one.job) } : {};
      return fitLine(rowCell(one, { ...own, ...lit }), each, glyphs.ellipsis);
    });
    lines.push(interleave(parts, (index) => [span(gutters[index]?.[row] ?? ' '.repeat(gutter), 'accent')]));
  }
  return { lines, place: { left, tops } };
}

interface GutterOptions {
  readonly columns: readonly GridColumn[];
  readonly tops: readonly number[];
  readonly room: number;
  /** Column to the right of the gutter. */
  readonly right: number;
  readonly at: { readonly column: number; readonly row: number };
  readonly chosen: number | undefined;
  readonly neighbours: readonly number[];
  readonly lines: readonly string[];
  readonly into: string;
}

/** The edges between the selected job and its neighbours on the other side of the gutter, a text a row. */
function drawGutter(options: GutterOptions): string[] {
  const { columns, tops, room, right, at, chosen, neighbours, lines, into } = options;
  const isInto = right === at.column;
  if (chosen === undefined || !(isInto || right - 1 === at.column)) return [];
  const other = isInto ? right - 1 : right;
  const set = new Set(neighbours);
  const ends: number[] = [];
  for (const [index, row] of (columns[other]?.rows ?? []).entries())
    if (row.kind === 'job' && set.has(row.job)) ends.push(index - (tops[other] ?? 0));
  if (ends.length === 0) return [];
  const own = at.row - (tops[at.column] ?? 0);
  const all = [own, ...ends];
  const [first, last] = [Math.min(...all), Math.max(...all)];
  const [up, toRight, down, toLeft] = [1, 2, 4, 8];
  return Array.from({ length: room }, (_, row) => {
    const isEnd = ends.includes(row);
    const touchesLeft = isInto ? isEnd : row === own;
    const touchesRight = isInto ? row === own : isEnd;
    const bits =
      (row > first && row <= last ? up : 0) |
      (row < last && row >= first ? down : 0) |
      (touchesLeft ? toLeft : 0) |
      (touchesRight ? toRight : 0);
    return `${touchesLeft ? lines[2] : ' '}${lines[bits] ?? ' '}${touchesRight ? into : ' '}`;
  });
}

/** Moves a column as little as shows the first of its lit jobs, and the others where they fit. */
function litTop({ rows }: GridColumn, before: number, room: number, isLit: (job: number) => boolean): number {
  const first = rows.findIndex((row) => row.kind === 'job' && isLit(row.job));
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
