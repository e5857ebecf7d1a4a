import { type ReactNode, useEffect, useState } from 'react';
import { type FailureView, viewFailure } from '../../../source/core/datum.ts';
import { asFailure, isAbort } from '../../../source/core/failure.ts';
import type { PipelineJob, PipelineSummary } from '../../../source/core/gitlab/model.ts';
import { age } from '../../../source/core/text/format.ts';
import { useActions } from '../../hooks/useKeys.ts';
import { useNow } from '../../hooks/useTime.ts';
import { type Host, useHost } from '../../host.ts';
import type { PaneProps } from '../../paneProps.ts';
import { closeScreen, openScreen } from '../../state/ui.ts';
import { failureLines } from '../../text/failure.ts';
import { lineText, span } from '../../text/line.ts';
import { innerSize } from '../../widgets/frame.ts';
import { TextScreen } from '../../widgets/textScreen.tsx';
import { compareLines } from './compareView.ts';
import { useHistory } from './history.ts';

interface CompareProps extends PaneProps {
  readonly before: number;
  readonly after: number;
}

type Loaded =
  | { readonly before: readonly PipelineJob[]; readonly after: readonly PipelineJob[] }
  | { readonly failure: FailureView };

const none: readonly PipelineSummary[] = [];

/** What differs between two pipelines: jobs that appeared, vanished, moved, and those that took another time. */
export function CompareScreen({ snapshot, before, after, size, theme }: CompareProps): ReactNode {
  const host = useHost();
  const loaded = useTwo(before, after);
  const history = useHistory();
  const now = useNow(10_000) + snapshot.clockOffset;
  const { glyphs } = theme;
  const width = innerSize(size).columns;
  const known = snapshot.pipelines.value ?? none;
  const summary = (id: number) => known.find((one) => one.id === id);
  const others = known.filter(({ id }) => id !== after && id !== before);
  useActions('pipeline', {
    'pipeline.choose': {
      run: () => void chooseOther(host, others, after, now),
      disabled: others.length === 0 ? 'no other pipeline is known' : undefined,
    },
  });
  const lines = !loaded
    ? [[span('reading both pipelines', 'dim')]]
    : 'failure' in loaded
      ? failureLines(loaded.failure, width, glyphs)
      : compareLines(
          { id: before, summary: summary(before), jobs: loaded.before },
          { id: after, summary: summary(after), jobs: loaded.after },
          { history, glyphs, width, now },
        );
  return (
    <TextScreen
      id={`compare:${before}:${after}`}
      title={[span('Compare ', 'accent'), span(`#${before} ${glyphs.arrow} #${after}`)]}
      lines={lines}
      size={size}
      theme={theme}
      bindings={{ 'list.copy': { run: () => host.copy(lines.map(lineText).join('\n'), 'the comparison') } }}
    />
  );
}

/** Asks which pipeline to compare with in place of the one before; the older of the two stays before. */
async function chooseOther(
  { ask, ui }: Host,
  others: readonly PipelineSummary[],
  kept: number,
  now: number,
): Promise<void> {
  const answer = await ask.choice({
    title: `Compare #${kept} with which?`,
    lines: [],
    options: others.map(({ id, ref, status, source, createdAt }) => ({
      value: String(id),
      label: `#${id}  ${age(Math.max(0, now - Date.parse(createdAt)))} ago  ${status}  ${ref}  ${source.replaceAll('_', ' ')}`,
    })),
  });
  if (answer === undefined) return;
  const other = Number(answer);
  closeScreen(ui);
  openScreen(ui, { kind: 'compare', before: Math.min(other, kept), after: Math.max(other, kept) });
}

function useTwo(before: number, after: number): Loaded | undefined {
  const { workspace } = useHost();
  const gitlab = 'service' in workspace.gitlab ? workspace.gitlab.service : undefined;
  const [loaded, setLoaded] = useState<Loaded>();
  useEffect(() => {
    if (!gitlab) return;
    const abort = new AbortController();
    setLoaded(undefined);
    Promise.all([gitlab.jobs(before, abort.signal), gitlab.jobs(after, abort.signal)]).then(
      ([old, young]) => setLoaded({ before: old, after: young }),
      (thrown: unknown) => {
        if (!isAbort(thrown)) setLoaded({ failure: viewFailure(asFailure(thrown, 'read two pipelines')) });
      },
    );
    return () => abort.abort();
  }, [gitlab, before, after]);
  return loaded;
}
