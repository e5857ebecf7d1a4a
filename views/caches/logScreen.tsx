import { type ReactNode, useState } from 'react';
import { bytes } from '../../source/core/text/format.ts';
import { TraceLog } from '../../source/core/trace/log.ts';
import type { ContainerLog } from '../../source/services/host/containerLog.ts';
import { LogView } from '../log/view.tsx';
import type { PaneProps } from '../paneProps.ts';
import { failureLines } from '../text/failure.ts';
import type { Glyphs } from '../text/glyphs.ts';
import { type Line, span } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import { useContainerLog } from './useContainerLog.ts';

type ContainerLogProps = PaneProps & { readonly engine: 'docker' | 'podman'; readonly name: string };

/** What a container on honey says, followed while it is on the screen. */
export function ContainerLogScreen(props: ContainerLogProps): ReactNode {
  const { engine, name, theme } = props;
  const [nothing] = useState(() => new TraceLog());
  const store = useContainerLog(engine, name);
  return (
    <LogView
      {...props}
      log={store?.log ?? nothing}
      version={store?.version() ?? 0}
      source={{ title: `the container ${name}`, file: `${name}.log` }}
      title={[span('Log ', 'accent'), span(safe(name), 'text', true), span(` ${engine}`, 'dim')]}
      note={store && noteOf(store, theme.glyphs)}
      empty={emptyLines(store, props)}
    />
  );
}

function noteOf(store: ContainerLog, { running, warn, clock }: Glyphs): Line {
  const size = span(bytes(store.log.size), 'dim');
  switch (store.state()) {
    case 'connecting':
      return [size, span(` ${clock} connecting`, 'dim')];
    case 'following':
      return [size, span(` ${running} grows`, 'running')];
    case 'ended':
      return [size, span(' ended', 'dim')];
    case 'failed':
      return [size, span(` ${warn} ${safe(store.failure()?.saw ?? 'failed', 60)}`, 'warn')];
  }
}

function emptyLines(store: ContainerLog | undefined, { size, theme }: ContainerLogProps): Line[] {
  const failure = store?.failure();
  if (!store) return [[span(' no host is configured', 'dim')]];
  if (failure) return failureLines(failure, size.columns, theme.glyphs);
  return [[span(store.state() === 'ended' ? ' it said nothing' : ' waiting for the first lines', 'dim')]];
}
