import { useMemo, useRef, useState } from 'react';
import { type Folding, foldLines } from '../../source/core/trace/folding.ts';
import type { TraceLog } from '../../source/core/trace/log.ts';
import type { Section } from '../../source/core/trace/sections.ts';
import { useHost } from '../host.ts';
import { useSlice } from '../state/store.ts';
import { textWidth } from './rows.ts';
import { type LogLayout, lastSpot, moveSpot, type Spot, shownSpot, spotsFrom } from './spots.ts';

export interface LogState {
  readonly layout: LogLayout;
  readonly folding: Folding;
  readonly cursor: Spot;
  readonly spots: readonly Spot[];
  readonly isFollowing: boolean;
  readonly hasStamps: boolean;
  readonly left: number;
  /** The line at which a range begins. */
  readonly mark: number | undefined;
  moveBy(rows: number): void;
  /** Goes to a line, and opens what it is folded in. */
  goTo(line: number): void;
  toTop(): void;
  toEnd(): void;
  setFollowing(isFollowing: boolean): void;
  toggleFold(): void;
  foldAll(): void;
  toggleMark(): void;
  toggle(what: 'wrap' | 'stamps'): void;
  shift(cells: number): void;
}

const start: Spot = { line: 0, part: 0 };
const nothingFolded: ReadonlyMap<Section, boolean> = new Map();

/** Where the reader of a log stands, what is folded, and how lines are shown. */
export function useLogState(log: TraceLog, version: number, width: number, height: number): LogState {
  const { ui } = useHost();
  const isWrapped = useSlice(ui, ({ views }) => views['log.wrap'] === 1);
  const wantsStamps = useSlice(ui, ({ views }) => views['log.stamps'] === 1);
  const [folded, setFolded] = useState(nothingFolded);
  const [wanted, setCursor] = useState(start);
  const [isFollowing, setFollowing] = useState(true);
  const [left, setLeft] = useState(0);
  const [mark, setMark] = useState<number>();
  const top = useRef(start);
  const hasStamps = wantsStamps && log.stamped;
  const folding = useMemo(() => {
    // The log grows in place: its version stands for it.
    return version < 0 ? foldLines(log, nothingFolded) : foldLines(log, folded);
  }, [log, version, folded]);
  const layout: LogLayout = { log, folding, isWrapped, width: textWidth(width, hasStamps) };
  const cursor = isFollowing ? lastSpot(layout) : shownSpot(layout, wanted);
  const window = spotsFrom(layout, top.current, cursor, height);
  top.current = window.top;
  const put = (spot: Spot): void => {
    setFollowing(false);
    setCursor(spot);
  };
  const around = (line: number): Section[] =>
    log.sections.filter(({ from, to }) => {
      const head = log.lineOf(from);
      return head < line && (to === undefined || log.lineOf(to) > line);
    });
  return {
    layout,
    folding,
    cursor,
    spots: window.spots,
    isFollowing,
    hasStamps,
    left: isWrapped ? 0 : left,
    mark,
    moveBy: (rows) => put(moveSpot(layout, cursor, rows)),
    goTo(line) {
      const closed = around(line).filter(folding.isFolded);
      if (closed.length > 0) setFolded(new Map([...folded, ...closed.map((one) => [one, false] as const)]));
      put({ line: Math.max(0, Math.min(line, log.lineCount - 1)), part: 0 });
    },
    toTop: () => put(start),
    toEnd: () => put(lastSpot(layout)),
    setFollowing(next) {
      setCursor(cursor);
      setFollowing(next);
    },
    toggleFold() {
      const section = folding.headOf(cursor.line) ?? around(cursor.line).at(-1);
      if (!section) return;
      setFolded(new Map([...folded, [section, !folding.isFolded(section)]]));
      put({ line: log.lineOf(section.from), part: 0 });
    },
    foldAll() {
      const isOpen = log.sections.some((section) => !folding.isFolded(section));
      setFolded(new Map(log.sections.map((section) => [section, isOpen])));
      put(cursor);
    },
    toggleMark: () => setMark((now) => (now === undefined ? cursor.line : undefined)),
    toggle(what) {
      const key = `log.${what}`;
      ui.set(({ views }) => ({ views: { ...views, [key]: 1 - (views[key] ?? 0) } }));
    },
    shift: (cells) => setLeft((now) => Math.max(0, now + cells)),
  };
}
