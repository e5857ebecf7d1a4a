import { Box } from 'ink';
import { type ReactNode, useMemo } from 'react';
import type { Datum } from '../../source/core/datum.ts';
import { type List, useList } from '../hooks/useList.ts';
import { useNow } from '../hooks/useTime.ts';
import { useHost } from '../host.ts';
import type { PaneProps } from '../paneProps.ts';
import { type DetailContext, rungCounts, type SubjectRow } from '../present/subject.ts';
import { paneTitles } from '../state/paneIds.ts';
import { openScreen, type PaneId, paneIds, type Screen } from '../state/ui.ts';
import { type Column, layoutRows } from '../text/columns.ts';
import { emptyLines, noteLine, stateSpans } from '../text/failure.ts';
import { type Line, span } from '../text/line.ts';
import type { Size } from '../text/size.ts';
import { type FrameRow, frame, innerSize } from '../widgets/frame.ts';
import { Lines } from '../widgets/lines.tsx';
import { listFoot } from '../widgets/listFoot.ts';

export interface ListPaneProps<Row extends SubjectRow> extends PaneProps {
  readonly pane: PaneId;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  /** Where the rows come from, for what is shown instead of them and for their age. */
  readonly datum: Datum<unknown>;
  readonly keyOf: (row: Row) => string;
  readonly searchOf: (row: Row) => string;
  readonly copyOf: (row: Row) => string;
  readonly urlOf: (row: Row) => string | undefined;
  readonly detailOf: (row: Row, context: DetailContext) => Line[];
  readonly views?: readonly string[];
  readonly isZoomed: boolean;
  /** Binds what can be done with the selected row; draws nothing. */
  readonly rowActions?: (row: Row | undefined) => ReactNode;
  /** What opens for a row; its detail when absent. */
  readonly screenOf?: (row: Row) => Screen;
}

const detailFrom = 110;

/** A pane that lists subjects; zoomed on a wide screen, with the detail of the selected one beside it. */
export function ListPane<Row extends SubjectRow>(props: ListPaneProps<Row>): ReactNode {
  const { pane, rows, columns, datum, size, theme, isFocused, keyOf, detailOf, snapshot } = props;
  const { ui } = useHost();
  const isSplit = props.isZoomed && size.columns >= detailFrom;
  const listSize: Size = isSplit ? { ...size, columns: Math.floor(size.columns * 0.55) } : size;
  const inner = innerSize(listSize);
  const note = rows.length > 0 && inner.rows > 3 ? noteLine(datum, theme.glyphs) : undefined;
  const height = note ? inner.rows - 1 : inner.rows;
  const list = useList({
    ...props,
    id: pane,
    height,
    onOpen: (row) => openScreen(ui, props.screenOf?.(row) ?? { kind: 'detail', pane, subject: keyOf(row) }),
  });
  const now = useNow();
  const counts = useMemo(() => rungCounts(rows, theme.glyphs), [rows, theme]);
  const state = stateSpans(datum, now, theme.glyphs);
  const viewName = props.views?.[list.view];
  const shownRows = rowsOf(list, columns, keyOf, inner, props);
  const content = frame(note ? [...padded(shownRows, height), { line: note }] : shownRows, {
    title: [
      span(`${paneIds.indexOf(pane) + 1}`, 'dim'),
      span(` ${paneTitles[pane]}`, isFocused ? 'accent' : 'text'),
    ],
    note: [...state, ...(state.length > 0 && counts.length > 0 ? [span(' ')] : []), ...counts],
    foot: listFoot(list, theme.glyphs, viewName),
    size: listSize,
    theme,
    isFocused,
  });
  const actions = props.rowActions?.(list.selected);
  if (!isSplit)
    return (
      <>
        {actions}
        <Lines rows={content} size={size} />
      </>
    );
  const beside: Size = { ...size, columns: size.columns - listSize.columns };
  const width = innerSize(beside).columns;
  const { selected } = list;
  const detail = selected
    ? detailOf(selected, { width, now, glyphs: theme.glyphs, findings: snapshot.findings })
    : [];
  const shown = frame(
    detail.map((line) => ({ line })),
    {
      title: [span('Detail', 'dim')],
      size: beside,
      theme,
      isFocused: false,
    },
  );
  return (
    <Box width={size.columns} height={size.rows}>
      {actions}
      <Lines rows={content} size={listSize} />
      <Lines rows={shown} size={beside} />
    </Box>
  );
}

/** Rows filled up to a height, so that what follows stands at the bottom. */
function padded(rows: readonly FrameRow[], height: number): FrameRow[] {
  return Array.from({ length: height }, (_, index) => rows[index] ?? { line: [] });
}

function rowsOf<Row extends SubjectRow>(
  list: List<Row>,
  columns: readonly Column<Row>[],
  keyOf: (row: Row) => string,
  inner: Size,
  { rows, datum, theme, isFocused }: ListPaneProps<Row>,
): FrameRow[] {
  const { glyphs } = theme;
  if (rows.length === 0)
    return (emptyLines(datum, inner.columns, glyphs) ?? [[span('nothing to show', 'dim')]]).map((line) => ({
      line,
    }));
  if (list.shown === 0) return [{ line: [span('no row matches the filter', 'dim')] }];
  const lines = layoutRows(list.visible, columns, inner.columns - 2, glyphs.ellipsis);
  return list.visible.map((row, index) => {
    const isSelected = row === list.selected;
    const mark = list.marked.has(keyOf(row))
      ? glyphs.marked
      : isSelected && isFocused
        ? glyphs.selected
        : ' ';
    return { line: [span(`${mark} `, 'accent'), ...(lines[index] ?? [])], selected: isSelected && isFocused };
  });
}
