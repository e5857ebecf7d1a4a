import { Box } from 'ink';
import { type ReactNode, useMemo } from 'react';
import { kindsText, speedMarkdown } from '../../source/core/speed/markdown.ts';
import { windowText } from '../../source/core/speed/phrases.ts';
import { useActions } from '../hooks/useKeys.ts';
import { type List, useList } from '../hooks/useList.ts';
import { useNow } from '../hooks/useTime.ts';
import { useHost } from '../host.ts';
import type { PaneProps } from '../paneProps.ts';
import { type Column, layoutRows } from '../text/columns.ts';
import { emptyLines, noteLine, stateSpans } from '../text/failure.ts';
import { type Line, span } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import type { Size } from '../text/size.ts';
import type { Theme } from '../theme.ts';
import { type FrameRow, frame, innerSize } from '../widgets/frame.ts';
import { Lines } from '../widgets/lines.tsx';
import { listFoot } from '../widgets/listFoot.ts';
import { itemDetail } from './detail.ts';
import { columnsOf, type Item, itemKey, itemsOf, itemText, views } from './items.ts';
import { overview } from './overview.ts';
import { useSpeed } from './useSpeed.ts';

/** Columns from which the detail stands beside the list. */
const detailFrom = 140;
/** Rows that must be left for the overview under them. */
const fewest = 6;

/** The plan's promises next to what was measured; changes and cost. */
export function SpeedScreen({ snapshot, size, theme, isFocused }: PaneProps): ReactNode {
  const { ui, copy } = useHost();
  const { glyphs } = theme;
  const { datum, isReading, refresh } = useSpeed(snapshot);
  const report = datum.value;
  const isSplit = size.columns >= detailFrom;
  const listSize: Size = isSplit ? { ...size, columns: Math.floor(size.columns * 0.58) } : size;
  const inner = innerSize(listSize);
  const view = ui.get().views.speed ?? 0;
  const items = useMemo(() => itemsOf(report, view), [report, view]);
  const note = report ? noteLine(datum, glyphs) : undefined;
  const words = view === 0 ? 1 : 0;
  const room = Math.max(1, inner.rows - words - (note ? 2 : 1));
  const height = Math.max(
    1,
    Math.min(items.length, isSplit || items.length <= 5 ? room : Math.ceil(room / 2)),
  );
  const list = useList({
    id: 'speed',
    rows: items,
    keyOf: itemKey,
    searchOf: itemText,
    height,
    isFocused,
    views,
  });
  useActions('list', {
    'list.copy': {
      run: () => report && copy(speedMarkdown(report), 'the report, as Markdown'),
      disabled: report ? undefined : 'nothing was measured yet',
    },
  });
  useActions('speed', {
    'speed.refresh': { run: refresh, disabled: isReading ? 'it is being read' : undefined },
  });
  const now = useNow(10_000);
  const { selected } = list;
  const detailSize: Size = { ...size, columns: isSplit ? size.columns - listSize.columns : size.columns };
  const width = innerSize(detailSize).columns;
  const detail: Line[] = report && selected ? itemDetail(selected, { report, width, theme }) : [];
  const shown: Item[] = words === 1 ? [{ kind: 'words' }, ...list.visible] : [...list.visible];
  const rows: FrameRow[] = report
    ? [
        { line: headLine(report) },
        ...listRows(list, shown, columnsOf(view, glyphs), inner.columns, theme),
        ...below(isSplit ? [] : detail),
      ]
    : (emptyLines(datum, inner.columns, glyphs) ?? []).map((line) => ({ line }));
  const left = inner.rows - (note ? 1 : 0) - rows.length;
  if (report && view === 0 && left > fewest) rows.push(...below(overview(report, inner.columns, glyphs)));
  const body = note ? [...padded(rows, inner.rows - 1), { line: note }] : rows;
  const reading = isReading
    ? [span(`${glyphs.clock} reading pipelines`, 'dim')]
    : stateSpans(datum, now, glyphs);
  const painted = frame(body, {
    title: [span('Speed', 'accent')],
    note: reading,
    foot: listFoot(list, glyphs, views[view]),
    size: listSize,
    theme,
    isFocused,
  });
  if (!isSplit) return <Lines rows={painted} size={size} />;
  const beside = frame(
    detail.map((line) => ({ line })),
    { title: [span('Detail', 'dim')], size: detailSize, theme, isFocused: false },
  );
  return (
    <Box width={size.columns} height={size.rows}>
      <Lines rows={painted} size={listSize} />
      <Lines rows={beside} size={detailSize} />
    </Box>
  );
}

/** The list's rows with the words over them; or why there is none. */
function listRows(
  { selected, shown, total }: List<Item>,
  items: readonly Item[],
  columns: readonly Column<Item>[],
  width: number,
  { glyphs }: Theme,
): FrameRow[] {
  if (total === 0) return [{ line: [span('  nothing that decides the speed changed', 'dim')] }];
  if (shown === 0) return [{ line: [span('  no row matches the filter', 'dim')] }];
  const lines = layoutRows(items, columns, width - 2, glyphs.ellipsis);
  return items.map((item, index) => ({
    line: [span(item === selected ? `${glyphs.selected} ` : '  ', 'accent'), ...(lines[index] ?? [])],
    selected: item === selected,
  }));
}

/** Lines under an empty one; nothing for none. */
function below(lines: readonly Line[]): FrameRow[] {
  return lines.length === 0 ? [] : [{ line: [] }, ...lines.map((line) => ({ line }))];
}

function headLine(report: Parameters<typeof speedMarkdown>[0]): Line {
  const ref = report.ref === undefined ? '' : ` on ${safe(report.ref)}`;
  return [span(`${windowText(report.window)}${ref}  ${kindsText(report)}`, 'dim')];
}

/** Rows cut or filled up to a height, so that what follows stands at the bottom. */
function padded(rows: readonly FrameRow[], height: number): FrameRow[] {
  return Array.from({ length: Math.max(0, height) }, (_, index) => rows[index] ?? { line: [] });
}
