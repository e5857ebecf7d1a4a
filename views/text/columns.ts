import { fitLine } from './fit.ts';
import { type Line, type Span, span } from './line.ts';
import { cells } from './width.ts';

/** A column of a table. */
export interface Column<Row> {
  readonly id: string;
  readonly cell: (row: Row) => Line;
  /** Cells that make sense of a text that is cut; the column goes when there is not even that. */
  readonly min: number;
  /** Cells at most, however long its texts are. */
  readonly max: number;
  readonly align?: 'left' | 'right';
  /** Higher is given room first. */
  readonly rank: number;
  /** Takes what is left over. */
  readonly grows?: boolean;
}

const gap = 2;

/** Lines of equal width from the rows that are shown, with columns as wide as those need and room allows. */
export function layoutRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number,
  ellipsis: string,
): Line[] {
  const cellsOf = rows.map((row) => new Map(columns.map((column) => [column.id, column.cell(row)])));
  const wanted = new Map(
    columns.map((column) => {
      const longest = Math.max(0, ...cellsOf.map((row) => lineWidth(row.get(column.id) ?? [])));
      return [column.id, longest === 0 ? 0 : Math.min(column.max, Math.max(column.min, longest))];
    }),
  );
  const widths = share(columns, wanted, width);
  const kept = columns.filter(({ id }) => (widths.get(id) ?? 0) > 0);
  return cellsOf.map((row) =>
    kept.flatMap((column, index): Span[] => {
      const cell = fitLine(row.get(column.id) ?? [], widths.get(column.id) ?? 0, ellipsis, column.align);
      return index === 0 ? [...cell] : [span(' '.repeat(gap)), ...cell];
    }),
  );
}

/** Gives room by rank: all that a column wants, or what is left when that is its `min` at least; else it goes. */
function share<Row>(
  columns: readonly Column<Row>[],
  wanted: ReadonlyMap<string, number>,
  width: number,
): Map<string, number> {
  const widths = new Map<string, number>();
  let left = width + gap;
  for (const { id, min } of [...columns].sort((a, b) => b.rank - a.rank)) {
    const wants = wanted.get(id) ?? 0;
    const room = Math.min(wants, left - gap);
    if (wants === 0 || (room < Math.min(min, wants) && widths.size > 0) || room <= 0) continue;
    widths.set(id, room);
    left -= room + gap;
  }
  const growing = columns.find(({ id, grows }) => grows && widths.has(id));
  if (growing && left > 0) widths.set(growing.id, (widths.get(growing.id) ?? 0) + left);
  return widths;
}

function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + cells(text), 0);
}
