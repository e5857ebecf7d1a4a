import { useLayoutEffect, useMemo, useRef } from 'react';
import { counted } from '../../source/core/text/format.ts';
import type { Binding, Bindings } from '../actions/action.ts';
import { useHost } from '../host.ts';
import { appendText, editText } from '../keys/editText.ts';
import { matches, moved, scrollTop } from '../state/listWindow.ts';
import { useSlice } from '../state/store.ts';
import { emptyList, setList } from '../state/ui.ts';
import { useActions, useCapture } from './useKeys.ts';

export interface ListOptions<Row> {
  /** Names the list; where it stands is kept under it. */
  readonly id: string;
  /** Keep its identity while nothing changed. */
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** What a filter looks in. */
  readonly searchOf: (row: Row) => string;
  /** Rows on the screen. */
  readonly height: number;
  readonly isFocused: boolean;
  readonly onOpen?: (row: Row) => void;
  /** What `y` copies of a row. */
  readonly copyOf?: (row: Row) => string;
  /** What `o` opens of a row; undefined where it has no address. */
  readonly urlOf?: (row: Row) => string | undefined;
  /** Names of the ways to look at the list, for `v`. */
  readonly views?: readonly string[];
}

export interface List<Row> {
  /** Rows on the screen now. */
  readonly visible: readonly Row[];
  readonly selected: Row | undefined;
  /** Of the selected row among those that the filter keeps. */
  readonly index: number;
  readonly shown: number;
  readonly total: number;
  readonly filter: string;
  readonly isFiltering: boolean;
  readonly marked: ReadonlySet<string>;
  /** Which of `views`. */
  readonly view: number;
}

/**
 * A windowed list with selection, filter, marks and the keys for them. Its state outlives the component. `keyOf` and
 * `searchOf` must be the same functions at every call.
 */
export function useList<Row>(options: ListOptions<Row>): List<Row> {
  const { id, rows, keyOf, searchOf, height, isFocused } = options;
  const { ui, focusedList } = useHost();
  const state = useSlice(ui, ({ lists }) => lists[id] ?? emptyList);
  const isFiltering = useSlice(ui, ({ filtering }) => filtering === id);
  const view = useSlice(ui, ({ views }) => views[id] ?? 0);
  const { filter, marked } = state;
  const kept = useMemo(
    () => (filter === '' ? rows : rows.filter((row) => matches(searchOf(row), filter))),
    [rows, filter, searchOf],
  );
  const places = useMemo(() => new Map(kept.map((row, place) => [keyOf(row), place])), [kept, keyOf]);
  const place = state.selected === undefined ? undefined : places.get(state.selected);
  const index = place ?? moved(state.index, 0, kept.length);
  const top = useRef(0);
  top.current = scrollTop(top.current, index, height, kept.length);

  useLayoutEffect(() => {
    if (!isFocused) return;
    focusedList.current = id;
    return () => {
      if (focusedList.current === id) focusedList.current = undefined;
    };
  }, [focusedList, id, isFocused]);
  useActions('list', useBindings(options, kept, index), isFocused);
  useCapture(
    {
      onKey(stroke) {
        if (stroke.name === 'enter') ui.set({ filtering: undefined });
        else if (stroke.name === 'esc') {
          setList(ui, id, { filter: '' });
          ui.set({ filtering: undefined });
        } else if (stroke.name === 'down' || stroke.name === 'up') {
          const row = kept[moved(index, stroke.name === 'down' ? 1 : -1, kept.length)];
          if (row !== undefined) setList(ui, id, { selected: keyOf(row) });
        } else {
          const edited = editText(filter, stroke);
          if (edited !== undefined) setList(ui, id, { filter: edited });
        }
      },
      onText(text) {
        const { filter: before } = ui.get().lists[id] ?? emptyList;
        setList(ui, id, { filter: appendText(before, text) });
      },
    },
    isFocused && isFiltering,
  );
  return {
    visible: kept.slice(top.current, top.current + height),
    selected: kept[index],
    index,
    shown: kept.length,
    total: rows.length,
    filter,
    isFiltering,
    marked,
    view,
  };
}

function useBindings<Row>(options: ListOptions<Row>, kept: readonly Row[], index: number): Bindings {
  const { id, rows, keyOf, height, onOpen, copyOf, urlOf, views } = options;
  const { ui, copy, browse } = useHost();
  const row = kept[index];
  const { filter, marked } = ui.get().lists[id] ?? emptyList;
  const nothing = row === undefined ? 'nothing is selected' : undefined;
  const go = (to: number): void => {
    const target = kept[moved(to, 0, kept.length)];
    if (target !== undefined) setList(ui, id, { selected: keyOf(target), index: moved(to, 0, kept.length) });
  };
  const half = Math.max(1, Math.floor(height / 2));
  const turn = (by: number): Binding => ({
    run: () => go((index + by + kept.length) % Math.max(1, kept.length)),
    disabled: filter === '' ? 'there is no filter: press / first' : nothing,
  });
  return {
    'list.down': { run: () => go(index + 1) },
    'list.up': { run: () => go(index - 1) },
    'list.half-down': { run: () => go(index + half) },
    'list.half-up': { run: () => go(index - half) },
    'list.top': { run: () => go(0) },
    'list.bottom': { run: () => go(kept.length - 1) },
    'list.filter': { run: () => ui.set({ filtering: id }) },
    'list.next': turn(1),
    'list.previous': turn(-1),
    ...(onOpen ? { 'list.open': { run: () => row !== undefined && onOpen(row), disabled: nothing } } : {}),
    ...(copyOf
      ? {
          'list.mark': {
            run() {
              if (row === undefined) return;
              const next = new Set(marked);
              if (!next.delete(keyOf(row))) next.add(keyOf(row));
              setList(ui, id, { marked: next });
              go(index + 1);
            },
            disabled: nothing,
          },
          'list.copy': {
            run() {
              const chosen =
                marked.size > 0
                  ? rows.filter((one) => marked.has(keyOf(one)))
                  : row === undefined
                    ? []
                    : [row];
              copy(chosen.map(copyOf).join('\n'), counted(chosen.length, 'row'));
            },
            disabled: marked.size > 0 ? undefined : nothing,
          },
        }
      : {}),
    ...(urlOf
      ? {
          'list.browse': {
            run: () => browse(row === undefined ? undefined : urlOf(row)),
            disabled:
              nothing ??
              (row !== undefined && urlOf(row) === undefined ? 'this row has no address' : undefined),
          },
        }
      : {}),
    ...(views && views.length > 1
      ? {
          'list.view': {
            run: () =>
              ui.set((now) => ({ views: { ...now.views, [id]: ((now.views[id] ?? 0) + 1) % views.length } })),
          },
        }
      : {}),
  };
}
