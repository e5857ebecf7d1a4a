import type { Bindings } from '../actions/action.ts';
import { useHost } from '../host.ts';
import { useSlice } from '../state/store.ts';
import { emptyList, setList } from '../state/ui.ts';
import { useActions } from './useKeys.ts';

/** Where a text of `count` lines stands in `height` rows, with the list keys to move it. */
export function useScroll(id: string, count: number, height: number, more: Bindings = {}): number {
  const { ui } = useHost();
  const wanted = useSlice(ui, ({ lists }) => (lists[id] ?? emptyList).index);
  const last = Math.max(0, count - height);
  const top = Math.min(wanted, last);
  const go = (to: number): void => setList(ui, id, { index: Math.max(0, Math.min(last, to)) });
  const half = Math.max(1, Math.floor(height / 2));
  useActions('list', {
    'list.down': { run: () => go(top + 1) },
    'list.up': { run: () => go(top - 1) },
    'list.half-down': { run: () => go(top + half) },
    'list.half-up': { run: () => go(top - half) },
    'list.top': { run: () => go(0) },
    'list.bottom': { run: () => go(last) },
    ...more,
  });
  return top;
}
