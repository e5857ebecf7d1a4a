import { type PaneId, paneIds } from '../state/paneIds.ts';
import type { Size } from '../text/size.ts';

/** Where a pane stands inside of the dashboard, counted from 0. */
export interface Place {
  readonly pane: PaneId;
  readonly left: number;
  readonly top: number;
  readonly size: Size;
}

/** All panes beside each other, or one of them under tabs, or one alone. */
export interface Layout {
  readonly kind: 'all' | 'tabs' | 'single';
  readonly places: readonly Place[];
}

const wide = { columns: 120, rows: 34 };

/** Divides the room between header and footer. */
export function dashboardLayout(size: Size, focus: PaneId, isZoomed: boolean): Layout {
  if (isZoomed) return { kind: 'single', places: [place(focus, 0, 0, size.columns, size.rows)] };
  if (size.columns < wide.columns || size.rows < wide.rows) {
    const hasTabs = size.rows >= 8;
    const top = hasTabs ? 1 : 0;
    return {
      kind: hasTabs ? 'tabs' : 'single',
      places: [place(focus, 0, top, size.columns, size.rows - top)],
    };
  }
  const { columns, rows } = size;
  const left = Math.floor(columns / 2);
  const plan = Math.max(15, Math.min(24, Math.floor(rows * 0.4)));
  const caches = Math.max(9, Math.min(16, Math.floor(rows * 0.2)));
  const variables = Math.max(15, Math.floor(rows * 0.4));
  return {
    kind: 'all',
    places: [
      place('plan', 0, 0, left, plan),
      place('caches', 0, plan, left, caches),
      place('signing', 0, plan + caches, left, rows - plan - caches),
      place('variables', left, 0, columns - left, variables),
      place('pipeline', left, variables, columns - left, rows - variables),
    ],
  };
}

function place(pane: PaneId, left: number, top: number, columns: number, rows: number): Place {
  return { pane, left, top, size: { columns, rows } };
}

/** The pane after or before one. */
export function neighbour(pane: PaneId, by: 1 | -1): PaneId {
  const index = (paneIds.indexOf(pane) + by + paneIds.length) % paneIds.length;
  return paneIds[index] ?? pane;
}
