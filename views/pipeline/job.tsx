import type { ReactNode } from 'react';
import type { PaneProps } from '../pane.ts';
import { fact } from '../text/facts.ts';
import { span } from '../text/line.ts';
import { innerSize } from '../widgets/frame.ts';
import { TextScreen } from '../widgets/textScreen.tsx';

/** One job of the pipeline that is looked at. */
export function JobScreen({ snapshot, id, size, theme }: PaneProps & { readonly id: number }): ReactNode {
  const job = snapshot.pipeline.value?.jobs.find((one) => one.id === id);
  const width = innerSize(size).columns;
  const lines = job
    ? [...fact('job', job.name, width), ...fact('status', job.status, width)]
    : [[span('it is gone', 'dim')]];
  return (
    <TextScreen id={`job:${id}`} title={[span('Job', 'accent')]} lines={lines} size={size} theme={theme} />
  );
}
