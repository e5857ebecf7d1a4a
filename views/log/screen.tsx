import type { ReactNode } from 'react';
import type { PipelineJob } from '../../source/core/gitlab/model.ts';
import type { PaneProps } from '../pane.ts';
import { fact } from '../text/facts.ts';
import { span } from '../text/line.ts';
import { innerSize } from '../widgets/frame.ts';
import { TextScreen } from '../widgets/textScreen.tsx';

/** A job, until its log can be read here. */
export function LogScreen({ job, size, theme }: PaneProps & { readonly job: PipelineJob }): ReactNode {
  const width = innerSize(size).columns;
  return (
    <TextScreen
      id={`log:${job.id}`}
      title={[span('Log', 'accent')]}
      lines={[...fact('job', job.name, width), ...fact('status', job.status, width)]}
      size={size}
      theme={theme}
    />
  );
}
