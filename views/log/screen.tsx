import { type ReactNode, useState } from 'react';
import type { PipelineJob } from '../../source/core/gitlab/model.ts';
import { TraceLog } from '../../source/core/trace/log.ts';
import type { TraceStore } from '../../source/services/trace/store.ts';
import type { PaneProps } from '../paneProps.ts';
import { failureLines } from '../text/failure.ts';
import { type Line, span } from '../text/line.ts';
import { logNote, logTitle } from './titles.ts';
import { useTrace } from './useTrace.ts';
import { LogView } from './view.tsx';

type LogProps = PaneProps & { readonly job: PipelineJob };

/** The log of a job, followed while it is on the screen. */
export function LogScreen(props: LogProps): ReactNode {
  const { job, theme } = props;
  const [nothing] = useState(() => new TraceLog());
  const store = useTrace(job.id);
  const { name, id, webUrl: url } = job;
  const file = `${name.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 80)}-${id}.log`;
  return (
    <LogView
      {...props}
      log={store?.log ?? nothing}
      version={store?.version() ?? 0}
      source={{ title: `${name} (#${id})`, file, url }}
      title={logTitle(store?.job() ?? job, theme.glyphs)}
      note={store && logNote(store, theme.glyphs)}
      empty={emptyLines(store, props)}
    />
  );
}

function emptyLines(store: TraceStore | undefined, { job, size, theme }: LogProps): Line[] {
  const failure = store?.failure();
  if (!store) return [[span(' GitLab is not configured', 'dim')]];
  if (failure) return failureLines(failure, size.columns, theme.glyphs);
  if (store.state() === 'complete') return [[span(' the log is empty', 'dim')]];
  const text = job.startedAt === undefined ? 'the job has not started' : 'waiting for the first lines';
  return [[span(` ${text}`, 'dim')]];
}
