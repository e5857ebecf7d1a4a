import type { ReactNode } from 'react';
import type { PipelineSummary } from '../../../source/core/gitlab/model.ts';
import { age } from '../../../source/core/text/format.ts';
import { useActions } from '../../hooks/useKeys.ts';
import { useList } from '../../hooks/useList.ts';
import { useNow } from '../../hooks/useTime.ts';
import { useHost } from '../../host.ts';
import type { PaneProps } from '../../paneProps.ts';
import { closeScreen, openScreen } from '../../state/ui.ts';
import { type Column, layoutRows } from '../../text/columns.ts';
import { emptyLines, stateSpans } from '../../text/failure.ts';
import { statusSpan } from '../../text/glyphs.ts';
import { type Line, span } from '../../text/line.ts';
import { safe } from '../../text/safe.ts';
import { type FrameRow, frame, innerSize } from '../../widgets/frame.ts';
import { Lines } from '../../widgets/lines.tsx';
import { listFoot } from '../../widgets/listFoot.ts';

const none: readonly PipelineSummary[] = [];
const hint: Line = [
  span('Space', 'key'),
  span(' marks two, ', 'dim'),
  span('c', 'key'),
  span(' compares them', 'dim'),
];

/** The latest pipelines: one to look at, or two to compare. */
export function PipelinesScreen({ snapshot, monitor, size, theme, isFocused }: PaneProps): ReactNode {
  const { ui } = useHost();
  const { glyphs } = theme;
  const rows = snapshot.pipelines.value ?? none;
  const inner = innerSize(size);
  const shown = snapshot.pipeline.value?.pipeline.id;
  const list = useList({
    id: 'pipelines',
    rows,
    keyOf,
    searchOf,
    height: inner.rows,
    isFocused,
    onOpen(row) {
      monitor.lookAt(row.id);
      closeScreen(ui);
    },
    copyOf: ({ webUrl }) => webUrl,
    urlOf: ({ webUrl }) => webUrl,
  });
  const pair = comparedPair(rows, list.marked, list.selected, shown);
  useActions('pipeline', {
    'pipeline.compare': {
      run: () => pair && openScreen(ui, { kind: 'compare', ...pair }),
      disabled: pair
        ? undefined
        : 'mark two pipelines with Space, or select another than the one that is shown',
    },
  });
  const now = useNow(10_000) + snapshot.clockOffset;
  const columns: Column<PipelineSummary>[] = [
    { id: 'status', cell: ({ status }) => [statusSpan(status, glyphs)], min: 1, max: 1, rank: 9 },
    {
      id: 'id',
      cell: ({ id }) => [span(`#${id}`, id === shown ? 'accent' : 'text', id === shown)],
      min: 6,
      max: 14,
      rank: 9,
    },
    { id: 'ref', cell: ({ ref, name }) => [span(safe(name ?? ref))], min: 12, max: 60, rank: 8, grows: true },
    {
      id: 'source',
      cell: ({ source }) => [span(safe(source.replaceAll('_', ' ')), 'dim')],
      min: 4,
      max: 20,
      rank: 4,
    },
    { id: 'sha', cell: ({ sha }) => [span(safe(sha.slice(0, 8)), 'dim')], min: 8, max: 8, rank: 5 },
    {
      id: 'age',
      cell: ({ createdAt }) => [span(age(Math.max(0, now - Date.parse(createdAt))), 'dim')],
      min: 3,
      max: 5,
      rank: 7,
      align: 'right',
    },
  ];
  const lines = layoutRows(list.visible, columns, inner.columns - 2, glyphs.ellipsis);
  const body: FrameRow[] =
    rows.length === 0
      ? (
          emptyLines(snapshot.pipelines, inner.columns, glyphs) ?? [[span('there is no pipeline yet', 'dim')]]
        ).map((line) => ({ line }))
      : list.visible.map((row, index) => {
          const isSelected = row === list.selected;
          const mark = list.marked.has(keyOf(row)) ? glyphs.marked : isSelected ? glyphs.selected : ' ';
          return { line: [span(`${mark} `, 'accent'), ...(lines[index] ?? [])], selected: isSelected };
        });
  const state = stateSpans(snapshot.pipelines, now, glyphs);
  const painted = frame(body, {
    title: [span('Pipelines', 'accent')],
    note: state.length > 0 ? state : hint,
    foot: listFoot(list, glyphs),
    size,
    theme,
    isFocused,
  });
  return <Lines rows={painted} size={size} />;
}

/** The two that are marked, or the selected one and the one that is shown; the older is before. */
function comparedPair(
  rows: readonly PipelineSummary[],
  marked: ReadonlySet<string>,
  selected: PipelineSummary | undefined,
  shown: number | undefined,
): { before: number; after: number } | undefined {
  const chosen = rows.filter((row) => marked.has(keyOf(row))).map(({ id }) => id);
  const pair = chosen.length === 2 ? chosen : selected && shown !== undefined ? [selected.id, shown] : [];
  const [a, b] = pair;
  if (a === undefined || b === undefined || a === b) return undefined;
  return { before: Math.min(a, b), after: Math.max(a, b) };
}

function keyOf({ id }: PipelineSummary): string {
  return String(id);
}

function searchOf({ id, ref, name, source, status, sha }: PipelineSummary): string {
  return `#${id} ${ref} ${name ?? ''} ${source} ${status} ${sha}`;
}
