import type { PipelineJob } from '../../source/core/gitlab/model.ts';
import type { Tone } from '../text/line.ts';
import type { PaneId } from './paneIds.ts';
import { createStore, type Store } from './store.ts';

export { type PaneId, paneIds } from './paneIds.ts';

/** A screen over the dashboard. */
export type Screen =
  | { readonly kind: 'detail'; readonly subject: string; readonly pane: PaneId }
  | { readonly kind: 'findings' }
  | { readonly kind: 'finding'; readonly id: string }
  | { readonly kind: 'task'; readonly name: string; readonly begin?: Begin }
  | { readonly kind: 'activity' }
  | { readonly kind: 'speed' }
  | { readonly kind: 'verify' }
  /** `row` is a verification and its place: `nix-build here`. */
  | { readonly kind: 'verify-row'; readonly row: string }
  | { readonly kind: 'verify-log'; readonly row: string }
  | { readonly kind: 'help' }
  | { readonly kind: 'job'; readonly id: number }
  | { readonly kind: 'pipelines' }
  | { readonly kind: 'compare'; readonly before: number; readonly after: number }
  | { readonly kind: 'what-if'; readonly job: string | undefined }
  | { readonly kind: 'log'; readonly job: PipelineJob }
  | { readonly kind: 'container-log'; readonly engine: 'docker' | 'podman'; readonly name: string };

/** A way and settings of a task that are chosen already: its plan is made at once. */
export interface Begin {
  readonly option: string;
  readonly set: Readonly<Record<string, string>>;
}

/** Where one list stands. */
export interface ListState {
  /** Key of the selected row; the row at `index` when it is gone. */
  readonly selected?: string;
  readonly index: number;
  readonly filter: string;
  readonly marked: ReadonlySet<string>;
}

export interface UiState {
  readonly focus: PaneId;
  readonly isZoomed: boolean;
  /** Innermost last; the dashboard is under all of them. */
  readonly screens: readonly Screen[];
  readonly lists: Readonly<Record<string, ListState>>;
  /** Which view of a pane or screen, by its name; counted from 0. */
  readonly views: Readonly<Record<string, number>>;
  /** The list whose filter is being typed. */
  readonly filtering?: string | undefined;
  readonly isPaletteOpen: boolean;
  readonly notice?: Notice | undefined;
  /** Counted up to draw everything again. */
  readonly redraws: number;
}

/** One line over the footer's place, until the next key. */
export interface Notice {
  readonly text: string;
  readonly tone: Tone;
}

export type UiStore = Store<UiState>;

export const emptyList: ListState = { index: 0, filter: '', marked: new Set() };

export function createUi(): UiStore {
  return createStore<UiState>({
    focus: 'plan',
    isZoomed: false,
    screens: [],
    lists: {},
    views: {},
    isPaletteOpen: false,
    redraws: 0,
  });
}

/** Opens a screen over the one that is shown. */
export function openScreen(ui: UiStore, screen: Screen): void {
  ui.set(({ screens }) => ({ screens: [...screens, screen], filtering: undefined }));
}

/** Back to the screen under the one that is shown; false when only the dashboard is there. */
export function closeScreen(ui: UiStore): boolean {
  const { screens, isZoomed } = ui.get();
  if (screens.length === 0) {
    if (isZoomed) ui.set({ isZoomed: false });
    return isZoomed;
  }
  ui.set({ screens: screens.slice(0, -1), filtering: undefined });
  return true;
}

/** Changes where a list stands. */
export function setList(ui: UiStore, id: string, change: Partial<ListState>): void {
  ui.set(({ lists }) => ({ lists: { ...lists, [id]: { ...(lists[id] ?? emptyList), ...change } } }));
}
