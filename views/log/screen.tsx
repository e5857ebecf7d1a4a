import { type ReactNode, useState } from 'react';
import type { PipelineJob } from '../../source/core/gitlab/model.ts';
import { TraceLog } from '../../source/core/trace/log.ts';
import type { TraceStore } from '../../source/services/trace/store.ts';
import { useHost } from '../host.ts';
import type { PaneProps } from '../pane.ts';
import { marksOf } from '../pipeline/marks.ts';
import { useNow } from '../state/useTime.ts';
import { failureLines } from '../text/failure.ts';
import { type Line, span } from '../text/line.ts';
import { frame } from '../widgets/frame.ts';
import { Lines } from '../widgets/lines.tsx';
import { paintRow } from './rows.ts';
import { logFoot, logNote, logTitle } from './titles.ts';
import { markedRange, useLogActions } from './useLogActions.ts';
import { useLogState } from './useLogState.ts';
import { useLookUp } from './useLookUp.ts';
import { useTrace } from './useTrace.ts';

type LogProps = PaneProps & { readonly job: PipelineJob };

/** The log of a job over the whole screen, as it grows; without side borders, so that a mouse selects text alone. */
export function LogScreen(props: LogProps): ReactNode {
  const { job, size, theme, snapshot } = props;
  const { notify } = useHost();
  const [nothing] = useState(() => new TraceLog());
  const store = useTrace(job.id);
  const log = store?.log ?? nothing;
  const version = store?.version() ?? 0;
  const height = Math.max(1, size.rows - 2);
  const state = useLogState(log, version, size.columns, height);
  const lookUp = useLookUp(log, version, (line, what) => {
    if (line !== undefined) state.goTo(line);
    else notify(what === 'match' ? 'nothing was found' : 'no line tells of a failure', 'warn');
  });
  const { typing } = useLogActions(store, job, state, lookUp, height);
  const isOpen = log.sections.some(({ endedAt }) => endedAt === undefined);
  const now = useNow(isOpen ? 1_000 : 600_000) + snapshot.clockOffset;
  const latest = store?.job() ?? job;
  const [top = '', , bottom = ''] = frame([], {
    title: logTitle(latest, theme.glyphs),
    ...(store ? { note: logNote(store, theme.glyphs) } : {}),
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
      ? emptyLines(store, props).map((line) => theme.paint(line, size.columns))
      : state.spots.map((spot) => paintRow(spot, options));
  const rows = [
    top,
    ...Array.from({ length: height }, (_, row) => body[row] ?? theme.paint([], size.columns)),
    bottom,
  ];
  return <Lines rows={rows} size={size} />;
}

function emptyLines(store: TraceStore | undefined, { job, size, theme }: LogProps): Line[] {
  const failure = store?.failure();
  if (!store) return [[span(' GitLab is not configured', 'dim')]];
  if (failure) return failureLines(failure, size.columns, theme.glyphs);
  if (store.state() === 'complete') return [[span(' the log is empty', 'dim')]];
  const text = job.startedAt === undefined ? 'the job has not started' : 'waiting for the first lines';
  return [[span(` ${text}`, 'dim')]];
}
