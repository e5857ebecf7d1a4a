import type { Monitor, Snapshot } from '../source/monitor/snapshot.ts';
import type { Size } from './text/size.ts';
import type { Theme } from './theme.ts';

/** What every pane and full screen is given. It draws exactly `size`, its border included, and binds its actions while focused. */
export interface PaneProps {
  readonly snapshot: Snapshot;
  readonly monitor: Monitor;
  readonly size: Size;
  readonly theme: Theme;
  readonly isFocused: boolean;
}
