import type { Monitor, Snapshot } from '../source/monitor/snapshot.ts';
import type { Theme } from './theme.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What every pane and full screen is given. It draws exactly `size`, its border included, and binds its actions while focused. */
export interface PaneProps {
  readonly snapshot: Snapshot;
  readonly monitor: Monitor;
  readonly size: Size;
  readonly theme: Theme;
  readonly isFocused: boolean;
}
