import { Box } from 'ink';
import { type ReactNode, useEffect } from 'react';
import { useList } from '../hooks/useList.ts';
import { useNow } from '../hooks/useTime.ts';
import { useHost } from '../host.ts';
import type { PaneProps } from '../paneProps.ts';
import { useSlice } from '../state/store.ts';
import { openScreen } from '../state/ui.ts';
import { layoutRows } from '../text/columns.ts';
import { type Line, lineText, span } from '../text/line.ts';
import type { Size } from '../text/size.ts';
import { type FrameRow, frame, innerSize } from '../widgets/frame.ts';
import { Lines } from '../widgets/lines.tsx';
import { listFoot } from '../widgets/listFoot.ts';
import { type VerifyDrawing, verifyBrief, verifyColumns, verifyDetail } from './present.ts';
import { rowKey, rowText, type VerifyRow, verifyRows } from './rows.ts';
import { lookable, useVerifyActions } from './useVerifyActions.ts';
import { look, type VerifyState, workOf } from './work.ts';

/** Columns from which the detail stands beside the list. */
const detailFrom = 130;

/** What the verification screens draw with; again every second while something runs. */
export function useVerifyDrawing({ snapshot, theme }: PaneProps): VerifyDrawing {
  const host = useHost();
  const state = useSlice(workOf(host).store, (whole) => whole);
  const now = useNow(state.current === undefined ? 10_000 : 1_000);
  return { state, glyphs: theme.glyphs, now, remoteNow: now + snapshot.clockOffset };
}

/** The plan's verification commands: where each can be run, and what was seen last. */
export function VerifyScreen(props: PaneProps): ReactNode {
  const { snapshot, size, theme, isFocused } = props;
  const host = useHost();
  const work = workOf(host);
  const drawing = useVerifyDrawing(props);
  const { state } = drawing;
  const { glyphs } = theme;
  const isSplit = size.columns >= detailFrom;
  const listSize: Size = isSplit ? { ...size, columns: Math.floor(size.columns * 0.55) } : size;
  const inner = innerSize(listSize);
  const height = Math.max(
    1,
    Math.min(verifyRows.length, isSplit || inner.rows < 12 ? inner.rows : inner.rows - 6),
  );
  const list = useList<VerifyRow>({
    id: 'verify',
    rows: verifyRows,
    keyOf: rowKey,
    searchOf: rowText,
    height,
    isFocused,
    onOpen: ({ key }) => openScreen(host.ui, { kind: 'verify-row', row: key }),
    copyOf: (row) => verifyDetail(row, 160, drawing).map(lineText).join('\n'),
  });
  useVerifyActions(work, state, list.selected);
  const isReady = snapshot.checkout.state !== 'loading' && snapshot.project.state !== 'loading';
  useEffect(() => {
    const { rows } = work.store.get();
    if (isReady)
      void look(
        host,
        work,
        lookable().filter(({ key }) => rows[key] === undefined),
      );
  }, [host, work, isReady]);
  const { selected } = list;
  const detailSize: Size = { ...size, columns: isSplit ? size.columns - listSize.columns : size.columns };
  const width = innerSize(detailSize).columns;
  const detailIn = (room: number): Line[] => (selected ? verifyBrief(selected, width, room, drawing) : []);
  const lines = layoutRows(list.visible, verifyColumns(drawing), inner.columns - 2, glyphs.ellipsis);
  const rows: FrameRow[] = list.visible.map((row, index) => ({
    line: [span(row === selected ? `${glyphs.selected} ` : '  ', 'accent'), ...(lines[index] ?? [])],
    selected: row === selected,
  }));
  if (rows.length === 0) rows.push({ line: [span('no row matches the filter', 'dim')] });
  if (!isSplit) rows.push({ line: [] }, ...detailIn(inner.rows - rows.length - 1).map((line) => ({ line })));
  const painted = frame(rows, {
    title: [span('Verify', 'accent')],
    note: noteOf(state, drawing),
    foot: listFoot(list, glyphs),
    size: listSize,
    theme,
    isFocused,
  });
  if (!isSplit) return <Lines rows={painted} size={size} />;
  const beside = frame(
    detailIn(size.rows - 2).map((line) => ({ line })),
    { title: [span('Detail', 'dim')], size: detailSize, theme, isFocused: false },
  );
  return (
    <Box width={size.columns} height={size.rows}>
      <Lines rows={painted} size={listSize} />
      <Lines rows={beside} size={detailSize} />
    </Box>
  );
}

function noteOf({ current }: VerifyState, { glyphs }: VerifyDrawing): Line {
  if (current === undefined) return [];
  return [span(`${glyphs.running} ${current}`, 'running')];
}
