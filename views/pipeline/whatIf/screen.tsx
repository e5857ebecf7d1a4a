import { type ReactNode, useMemo, useState } from 'react';
import { noHistory, usualDuration } from '../../../source/core/pipeline/history.ts';
import { replay } from '../../../source/core/pipeline/replay.ts';
import { hasEnded } from '../../../source/core/pipeline/timing.ts';
import { whatIf } from '../../../source/core/pipeline/whatIf.ts';
import { useActions } from '../../hooks/useKeys.ts';
import { useHost } from '../../host.ts';
import type { PaneProps } from '../../paneProps.ts';
import { lineText, span } from '../../text/line.ts';
import { marksOf } from '../../text/marks.ts';
import { innerSize } from '../../widgets/frame.ts';
import { TextScreen } from '../../widgets/textScreen.tsx';
import { useHistory } from '../history/history.ts';
import { graphOf, timesOf } from '../model.ts';
import { askChange } from './askChange.ts';
import { planOf } from './plan.ts';
import { type Thought, whatIfLines } from './view.ts';

interface WhatIfProps extends PaneProps {
  /** The job that a change is most likely meant for. */
  readonly job: string | undefined;
}

/** The pipeline that is looked at, simulated with changes that are only thought of. */
export function WhatIfScreen({ snapshot, size, theme, job }: WhatIfProps): ReactNode {
  const host = useHost();
  const { copy, workspace } = host;
  const [view] = useState(snapshot.pipeline.value);
  const [thoughts, setThoughts] = useState<readonly Thought[]>([]);
  const changes = useMemo(() => thoughts.flatMap((one) => one.changes), [thoughts]);
  const [openedAt] = useState(() => workspace.now() + snapshot.clockOffset);
  const history = useHistory();
  const base = useMemo(() => {
    if (!view) return undefined;
    const graph = graphOf(view);
    const times = timesOf(graph, view.pipeline.createdAt, openedAt, history);
    const isOver = hasEnded(view.pipeline.status);
    const live = planOf(graph, times, history);
    return { ...live, graph, replayed: isOver ? replay(graph, times.timing, times.path) : undefined };
  }, [view, openedAt, history]);
  const result = useMemo(() => {
    if (!base) return undefined;
    const spreads = history === noHistory ? undefined : (name: string) => usualDuration(history, name);
    return whatIf(base.plan, changes, changes.length === 0 ? undefined : spreads);
  }, [base, changes, history]);
  const width = innerSize(size).columns;
  const lines =
    base && result
      ? whatIfLines({
          result,
          thoughts,
          assumptions: base.assumptions,
          replay: base.replayed,
          width,
          glyphs: theme.glyphs,
          marks: marksOf(theme),
        })
      : [[span('there is no pipeline to change', 'dim')]];
  const add = async (): Promise<void> => {
    if (!base || !view) return;
    const thought = await askChange(host, { plan: base.plan, pipeline: view.pipeline, suggested: job });
    if (thought) setThoughts((now) => [...now, thought]);
  };
  useActions('pipeline', {
    'pipeline.undo': {
      run: () => setThoughts((now) => now.slice(0, -1)),
      disabled: changes.length === 0 ? 'nothing is changed' : undefined,
    },
  });
  return (
    <TextScreen
      id="what-if"
      title={[span('What if', 'accent'), span(view ? ` in pipeline #${view.pipeline.id}` : '', 'dim')]}
      lines={lines}
      size={size}
      theme={theme}
      bindings={{
        'list.open': { run: () => void add(), disabled: base ? undefined : 'there is no pipeline' },
        'list.copy': { run: () => copy(lines.map(lineText).join('\n'), 'the comparison') },
      }}
    />
  );
}
