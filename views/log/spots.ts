import type { Folding } from '../../source/core/trace/folding.ts';
import type { TraceLog } from '../../source/core/trace/log.ts';
import { partStarts } from '../text/width.ts';

/** A row of the screen: a line of the log, or a part of one that is wrapped. */
export interface Spot {
  readonly line: number;
  /** Counted from 0. */
  readonly part: number;
}

/** How the log is laid out in rows. */
export interface LogLayout {
  readonly log: TraceLog;
  readonly folding: Folding;
  readonly width: number;
  readonly isWrapped: boolean;
}

/** How many rows a line takes. */
function partsOf({ log, width, isWrapped }: LogLayout, line: number): number {
  return isWrapped ? partStarts(log.text(line), width).length : 1;
}

/** The spot so many rows further down, or up with a negative number; the first or last one at the ends. */
export function moveSpot(layout: LogLayout, from: Spot, by: number): Spot {
  const { folding } = layout;
  let row = folding.rowOf(from.line);
  let { line, part } = from;
  let parts = partsOf(layout, line);
  for (let left = Math.abs(by); left > 0; left -= 1) {
    if (by > 0 && part + 1 < parts) part += 1;
    else if (by < 0 && part > 0) part -= 1;
    else {
      const next = row + Math.sign(by);
      if (next < 0 || next >= folding.rows) break;
      row = next;
      line = folding.lineAt(row);
      parts = partsOf(layout, line);
      part = by > 0 ? 0 : parts - 1;
    }
  }
  return { line, part };
}

/** The last row of the log. */
export function lastSpot(layout: LogLayout): Spot {
  const line = layout.folding.rows === 0 ? 0 : layout.folding.lineAt(layout.folding.rows - 1);
  return { line, part: layout.folding.rows === 0 ? 0 : partsOf(layout, line) - 1 };
}

/** A spot that is shown: of a folded line the head that it is under. */
export function shownSpot(layout: LogLayout, { line, part }: Spot): Spot {
  const { folding } = layout;
  if (folding.rows === 0) return { line: 0, part: 0 };
  const row = Math.min(folding.rowOf(line), folding.rows - 1);
  const shown = folding.lineAt(row);
  return { line: shown, part: Math.min(shown === line ? part : 0, partsOf(layout, shown) - 1) };
}

/** Rows from `top` on, as many as fit; `top` moves as little as brings the cursor onto the screen. */
export function spotsFrom(
  layout: LogLayout,
  top: Spot,
  cursor: Spot,
  height: number,
): { readonly top: Spot; readonly spots: readonly Spot[] } {
  if (layout.folding.rows === 0) return { top: { line: 0, part: 0 }, spots: [] };
  const full = moveSpot(layout, lastSpot(layout), 1 - height);
  let first = shownSpot(layout, isBefore(full, top) ? full : top);
  if (isBefore(cursor, first)) first = cursor;
  let spots = listSpots(layout, first, height);
  const last = spots.at(-1);
  if (last && isBefore(last, cursor)) {
    first = moveSpot(layout, cursor, 1 - height);
    spots = listSpots(layout, first, height);
  }
  return { top: first, spots };
}

function listSpots(layout: LogLayout, first: Spot, height: number): Spot[] {
  const spots = [first];
  for (let at = first; spots.length < height; ) {
    const next = moveSpot(layout, at, 1);
    if (next.line === at.line && next.part === at.part) break;
    spots.push(next);
    at = next;
  }
  return spots;
}

function isBefore(a: Spot, b: Spot): boolean {
  return a.line < b.line || (a.line === b.line && a.part < b.part);
}
