import type { ReactNode } from 'react';
import type { TraceLog } from '../../source/core/trace/log.ts';
import { useNow } from '../hooks/useTime.ts';
import { useHost } from '../host.ts';
import type { PaneProps } from '../paneProps.ts';
import type { Line } from '../text/line.ts';
import { marksOf } from '../text/marks.ts';
import { frame } from '../widgets/frame.ts';
import { Lines } from '../widgets/lines.tsx';
import { paintRow } from './rows.ts';
import { logFoot } from './titles.ts';
import { type LogSource, markedRange, useLogActions } from './useLogActions.ts';
import { useLogState } from './useLogState.ts';
import { useLookUp } from './useLookUp.ts';

export interface LogViewProps extends Pick<PaneProps, 'size' | 'theme' | 'snapshot'> {
  readonly log: TraceLog;
  /** Grows with the log. */
  readonly version: number;
  readonly source: LogSource;
  readonly title: Line;
  readonly note?: Line | undefined;
  /** Shown while there is no line. */
  readonly empty: readonly Line[];
}

/** A log over the whole screen, as it grows; without side borders, so that a mouse selects text alone. */
export function LogView(props: LogViewProps): ReactNode {
  const { log, version, source, title, note, empty, size, theme, snapshot } = props;
  const { notify } = useHost();
  const height = Math.max(1, size.rows - 2);
  const state = useLogState(log, version, size.columns, height);
  const lookUp = useLookUp(log, version, (line, what) => {
    if (line !== undefined) state.goTo(line);
    else notify(what === 'match' ? 'nothing was found' : 'no line tells of a failure', 'warn');
  });
  const { typing } = useLogActions(source, state, lookUp, height);
  const isOpen = log.sections.some(({ endedAt }) => endedAt === undefined);
  const now = useNow(isOpen ? 1_000 : 600_000) + snapshot.clockOffset;
  const [top = '', , bottom = ''] = frame([], {
    title,
    ...(note ? { note } : {}),
    foot: logFoot(state, lookUp, typing, theme.glyphs),
    size: { columns: size.columns, rows: 3 },
    theme,
    isFocused: true,
  });
  const marked = state.mark === undefined ? undefined : markedRange(state.mark, state.cursor.line);
  const options = {
    log,
    folding: state.folding,
    theme,
    marks: marksOf(theme),
    width: size.columns,
    isWrapped: state.layout.isWrapped,
    hasStamps: state.hasStamps,
    left: state.left,
    cursor: state.cursor,
    marked,
    search: lookUp.search,
    now,
  };
  const body =
    log.lineCount === 0
      ? empty.map((line) => theme.paint(line, size.columns))
      : state.spots.map((spot) => paintRow(spot, options));
  const rows = [
    top,
    ...Array.from({ length: height }, (_, row) => body[row] ?? theme.paint([], size.columns)),
    bottom,
  ];
  return <Lines rows={rows} size={size} />;
}
