import type { ReactNode } from 'react';
import type { PaneProps } from '../pane.ts';
import { PipelinePane } from './pane.tsx';

/** The pipeline over the whole screen. */
export function PipelineScreen(props: PaneProps): ReactNode {
  return <PipelinePane {...props} />;
}
