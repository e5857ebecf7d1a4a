import type { ReactNode } from 'react';
import { useNow } from '../hooks/useTime.ts';
import { useHost } from '../host.ts';
import type { PaneProps } from '../paneProps.ts';
import { lineText, span } from '../text/line.ts';
import { innerSize } from '../widgets/frame.ts';
import { TextScreen } from '../widgets/textScreen.tsx';
import { definitionOf } from './definition.ts';
import { jobDetail } from './detail.ts';
import { useHistory } from './history/history.ts';
import { graphOf, timesOf } from './model.ts';
import { useChild } from './useChild.ts';
import { useDefined } from './useDefined.ts';
import { useJobActions } from './usePipelineActions.ts';

/** One job of the pipeline that is looked at: what it waited for, how long it takes, what hangs on it. */
export function JobScreen({ snapshot, id, size, theme }: PaneProps & { readonly id: number }): ReactNode {
  const { copy, browse } = useHost();
  const view = snapshot.pipeline.value;
  const history = useHistory();
  const now = useNow(5_000) + snapshot.clockOffset;
  const width = innerSize(size).columns;
  const graph = view ? graphOf(view) : undefined;
  const index = graph?.byId.get(id);
  const job = index === undefined ? undefined : graph?.jobs[index];
  const definition = definitionOf(snapshot, job?.name);
  const defined = useDefined(snapshot, view?.pipeline);
  const child = useChild(job, view?.pipeline);
  useJobActions(view, index, true, definition);
  const lines =
    view && graph && index !== undefined
      ? jobDetail(index, {
          graph,
          times: timesOf(graph, view.pipeline.createdAt, now, history),
          history,
          glyphs: theme.glyphs,
          width,
          definition,
          defined,
          child,
          pipeline: view.pipeline,
        })
      : [[span('it is gone: a newer attempt took its place, or another pipeline is shown', 'dim')]];
  return (
    <TextScreen
      id={`job:${id}`}
      title={[span('Job ', 'accent'), span(`#${id}`, 'dim')]}
      lines={lines}
      size={size}
      theme={theme}
      bindings={{
        'list.copy': { run: () => copy(lines.map(lineText).join('\n'), 'the detail') },
        'list.browse': {
          run: () => browse(job?.downstream?.webUrl ?? job?.webUrl),
          disabled: job ? undefined : 'it is gone',
        },
      }}
    />
  );
}
