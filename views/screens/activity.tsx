import { type ReactNode, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { JournalEntry } from '../../source/core/change.ts';
import { asFailure } from '../../source/core/failure.ts';
import { useList } from '../hooks/useList.ts';
import { useNow } from '../hooks/useTime.ts';
import { useHost } from '../host.ts';
import type { PaneProps } from '../paneProps.ts';
import {
  type ActivityRow,
  activityColumns,
  activityKey,
  activityRows,
  activityText,
} from '../present/activity.ts';
import { layoutRows } from '../text/columns.ts';
import { span } from '../text/line.ts';
import { type FrameRow, frame, innerSize } from '../widgets/frame.ts';
import { Lines } from '../widgets/lines.tsx';
import { listFoot } from '../widgets/listFoot.ts';

const views = ['all', 'writes'];
const none: readonly JournalEntry[] = [];

/** Every request, command and write: live, and the writes of earlier runs from the journal. */
export function ActivityScreen({ size, theme, isFocused }: PaneProps): ReactNode {
  const { workspace, ui, notify } = useHost();
  const { activity, journal } = workspace;
  const { glyphs } = theme;
  const inner = innerSize(size);
  const events = useSyncExternalStore(activity.subscribe, activity.list);
  const [entries, setEntries] = useState(none);
  const [openedAt] = useState(() => workspace.now());
  useEffect(() => {
    let isHere = true;
    journal.read().then(
      (read) => isHere && setEntries(read.entries),
      (thrown: unknown) =>
        notify(`the journal cannot be read: ${asFailure(thrown, journal.path).saw}`, 'warn'),
    );
    return () => {
      isHere = false;
    };
  }, [journal, notify]);
  const now = useNow(10_000);
  const view = ui.get().views.activity ?? 0;
  const started = events[0]?.at ?? openedAt;
  const rows = useMemo(() => {
    const all = activityRows(events, entries, started);
    return view === 1 ? all.filter(({ kind }) => kind === 'write') : all;
  }, [events, entries, started, view]);
  const list = useList({
    id: 'activity',
    rows,
    keyOf: activityKey,
    searchOf: activityText,
    height: inner.rows,
    isFocused,
    copyOf,
    views,
  });
  const lines = layoutRows(list.visible, activityColumns(glyphs, now), inner.columns - 2, glyphs.ellipsis);
  const shown: FrameRow[] =
    rows.length === 0
      ? [{ line: [span('nothing was asked or written yet', 'dim')] }]
      : list.visible.map((row, index) => ({
          line: [
            span(row === list.selected ? `${glyphs.selected} ` : '  ', 'accent'),
            ...(lines[index] ?? []),
          ],
          selected: row === list.selected,
        }));
  const painted = frame(shown, {
    title: [span('Activity', 'accent')],
    note: [span(`${events.filter(({ state }) => state === 'running').length} running`, 'dim')],
    foot: listFoot(list, glyphs, views[list.view]),
    size,
    theme,
    isFocused,
  });
  return <Lines rows={painted} size={size} />;
}

function copyOf({ title, result, undo }: ActivityRow): string {
  return [title, result, undo === undefined ? undefined : `undo: ${undo}`].filter(Boolean).join('\n');
}
