import { type ReactNode, useEffect, useMemo } from 'react';
import { useNow } from '../hooks/useTime.ts';
import { useHost } from '../host.ts';
import type { PaneProps } from '../paneProps.ts';
import { scrollTop } from '../state/listWindow.ts';
import { useSlice } from '../state/store.ts';
import type { Begin } from '../state/ui.ts';
import { lineText, span } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import { frame, innerSize } from '../widgets/frame.ts';
import { Lines } from '../widgets/lines.tsx';
import { TextScreen } from '../widgets/textScreen.tsx';
import { flowOf, leave, open, pastRuns } from './flow.ts';
import { choiceLines, type Drawing, runLines } from './present.ts';
import { plannedLines } from './presentPlan.ts';
import { useTaskActions } from './useTaskActions.ts';

/** One task, from where it stands to what came of it. */
export function TaskScreen({
  name,
  begin,
  snapshot,
  size,
  theme,
}: PaneProps & { readonly name: string; readonly begin?: Begin | undefined }): ReactNode {
  const host = useHost();
  const { copy } = host;
  const flow = useMemo(() => flowOf(host, name), [host, name]);
  const state = useSlice(flow.store, (whole) => whole);
  const { stage, planned } = state;
  useEffect(() => {
    void open(host, flow, begin);
    return () => leave(flow);
  }, [host, flow, begin]);
  const past = useMemo(() => pastRuns(host, flow, stage), [host, flow, stage]);
  useTaskActions(flow, past);
  const now = useNow(1_000);
  const inner = innerSize(size);
  const drawing: Drawing = { width: inner.columns, glyphs: theme.glyphs, now };
  const { task } = flow;
  const words = { choosing: '', planning: 'planning', planned: 'plan', running: 'running', ended: 'result' };
  const title = [span(`${task.number} `, 'dim'), span(safe(task.title), 'accent')];
  const note = words[stage] === '' ? [] : [span(words[stage], stage === 'running' ? 'running' : 'dim')];
  if (stage === 'choosing' || stage === 'planning') {
    const row = snapshot.tasks.find((one) => one.name === name);
    const { lines, selected } = choiceLines(row, state, { canPlan: task.plan !== undefined, past }, drawing);
    const isLast = state.options.at(-1)?.name === state.option;
    const wanted = isLast ? lines.length - 1 : Math.min(selected + 3, lines.length - 1);
    const top = Math.min(selected, scrollTop(0, wanted, inner.rows, lines.length));
    const rows = frame(
      lines.slice(top, top + inner.rows).map((line, index) => ({ line, selected: top + index === selected })),
      { title, note, size, theme, isFocused: true },
    );
    return <Lines rows={rows} size={size} />;
  }
  const lines = stage === 'planned' && planned ? plannedLines(planned, drawing) : runLines(state, drawing);
  return (
    <TextScreen
      id={`task:${name}:${stage}`}
      title={title}
      note={note}
      lines={lines}
      size={size}
      theme={theme}
      bindings={{ 'list.copy': { run: () => copy(lines.map(lineText).join('\n'), 'what is shown') } }}
    />
  );
}
