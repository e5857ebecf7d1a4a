import { type ReactNode, useEffect, useState } from 'react';
import { type FailureView, viewFailure } from '../../source/core/datum.ts';
import { asFailure, isAbort } from '../../source/core/failure.ts';
import type { PipelineJob } from '../../source/core/gitlab/model.ts';
import {
  comparePipelines,
  type DurationChange,
  type PipelineDifference,
} from '../../source/core/pipeline/comparePipelines.ts';
import type { History } from '../../source/core/pipeline/history.ts';
import { duration } from '../../source/core/text/format.ts';
import { useHost } from '../host.ts';
import type { PaneProps } from '../pane.ts';
import { heading } from '../text/facts.ts';
import { failureLines } from '../text/failure.ts';
import { type Glyphs, statusSpan } from '../text/glyphs.ts';
import { type Line, lineText, span, type Tone } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import { innerSize } from '../widgets/frame.ts';
import { TextScreen } from '../widgets/textScreen.tsx';
import { useHistory } from './history.ts';

interface CompareProps extends PaneProps {
  readonly before: number;
  readonly after: number;
}

type Loaded =
  | { readonly before: readonly PipelineJob[]; readonly after: readonly PipelineJob[] }
  | { readonly failure: FailureView };

/** What differs between two pipelines: jobs that appeared, vanished, moved, and those that took another time. */
export function CompareScreen({ before, after, size, theme }: CompareProps): ReactNode {
  const { copy } = useHost();
  const loaded = useTwo(before, after);
  const history = useHistory();
  const width = innerSize(size).columns;
  const lines = !loaded
    ? [[span('reading both pipelines', 'dim')]]
    : 'failure' in loaded
      ? failureLines(loaded.failure, width, theme.glyphs)
      : differenceLines(comparePipelines(loaded.before, loaded.after, history), history, theme.glyphs);
  return (
    <TextScreen
      id={`compare:${before}:${after}`}
      title={[span('Compare ', 'accent'), span(`#${before} ${theme.glyphs.arrow} #${after}`)]}
      lines={lines}
      size={size}
      theme={theme}
      bindings={{ 'list.copy': { run: () => copy(lines.map(lineText).join('\n'), 'the comparison') } }}
    />
  );
}

function useTwo(before: number, after: number): Loaded | undefined {
  const { workspace } = useHost();
  const gitlab = 'service' in workspace.gitlab ? workspace.gitlab.service : undefined;
  const [loaded, setLoaded] = useState<Loaded>();
  useEffect(() => {
    if (!gitlab) return;
    const abort = new AbortController();
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

/** The difference as lines. */
export function differenceLines(
  { appeared, vanished, moved, status, durations }: PipelineDifference,
  history: History,
  glyphs: Glyphs,
): Line[] {
  const lines: Line[] = [
    ...names('appeared', appeared, '+', 'good'),
    ...names('vanished', vanished, '-', 'bad'),
    ...part('moved to another stage', moved, ({ name, from, to }) => [
      span(`  ${safe(name)}  `),
      span(`${safe(from)} ${glyphs.arrow} ${safe(to)}`, 'info'),
    ]),
    ...part('ended otherwise', status, ({ name, from, to }) => [
      span('  '),
      statusSpan(from, glyphs),
      span(` ${glyphs.arrow} `, 'dim'),
      statusSpan(to, glyphs),
      span(`  ${safe(name)}`),
      span(`  ${from} ${glyphs.arrow} ${to}`, 'dim'),
    ]),
    ...part(
      'slower or faster, beyond what is usual',
      durations.filter(({ verdict }) => verdict === 'slower' || verdict === 'faster'),
      durationLine,
    ),
    ...part(
      'within what is usual, or too few runs to tell',
      durations.filter(({ verdict }) => verdict !== 'slower' && verdict !== 'faster'),
      durationLine,
    ),
    [span(`usual durations are those of ${history.pipelines} successful pipelines`, 'dim')],
  ];
  return lines;
}

function durationLine({ name, before, after, usual, verdict }: DurationChange): Line {
  const away = after - before;
  const tone: Tone = verdict === 'slower' ? 'bad' : verdict === 'faster' ? 'good' : 'dim';
  const spread = usual
    ? `usually ${duration(usual.median)}, give or take ${duration(1.4826 * usual.mad)}, n=${usual.n}`
    : 'no other run';
  return [
    span(`  ${`${away < 0 ? '-' : '+'}${duration(Math.abs(away))}`.padEnd(9)}`, tone),
    span(` ${safe(name)}`),
    span(`  ${duration(before)} to ${duration(after)}; ${spread}; ${verdict}`, 'dim'),
  ];
}

function names(title: string, list: readonly string[], sign: string, tone: Tone): Line[] {
  return part(title, list, (name) => [span(`  ${sign} `, tone), span(safe(name))]);
}

function part<T>(title: string, list: readonly T[], lineOf: (one: T) => Line): Line[] {
  return list.length === 0 ? [] : [heading(`${title} (${list.length})`), ...list.map(lineOf), []];
}
