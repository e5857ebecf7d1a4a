import type { ReactNode } from 'react';
import type { Snapshot } from '../../source/monitor/snapshot.ts';
import { ContainerLogScreen } from '../caches/logScreen.tsx';
import { useHost } from '../host.ts';
import { LogScreen } from '../log/screen.tsx';
import type { PaneProps } from '../paneProps.ts';
import { CompareScreen } from '../pipeline/history/compare.tsx';
import { PipelinesScreen } from '../pipeline/history/pipelines.tsx';
import { JobScreen } from '../pipeline/job.tsx';
import { WhatIfScreen } from '../pipeline/whatIf/screen.tsx';
import { SpeedScreen } from '../speed/screen.tsx';
import { useSlice } from '../state/store.ts';
import type { Screen } from '../state/ui.ts';
import { TaskScreen } from '../tasks/screen.tsx';
import type { Size } from '../text/size.ts';
import { VerifyLogScreen, VerifyRowScreen } from '../verify/row.tsx';
import { VerifyScreen } from '../verify/screen.tsx';
import { Boundary } from '../widgets/boundary.tsx';
import { ActivityScreen } from './activity.tsx';
import { DetailScreen } from './detail.tsx';
import { FindingScreen, FindingsScreen } from './findings.tsx';

interface ScreenViewProps {
  readonly screen: Screen;
  readonly snapshot: Snapshot;
  readonly size: Size;
}

/** A screen over the dashboard; its failure stays its own. */
export function ScreenView({ screen, snapshot, size }: ScreenViewProps): ReactNode {
  const { monitor, theme, workspace, ui } = useHost();
  const attempt = useSlice(ui, (state) => state.redraws);
  const props: PaneProps = { snapshot, monitor, size, theme, isFocused: true };
  return (
    <Boundary title={screen.kind} size={size} theme={theme} redact={workspace.redact} attempt={attempt}>
      {screenOf(screen, props)}
    </Boundary>
  );
}

function screenOf(screen: Screen, props: PaneProps): ReactNode {
  switch (screen.kind) {
    case 'detail':
      return <DetailScreen {...props} pane={screen.pane} subject={screen.subject} />;
    case 'findings':
      return <FindingsScreen {...props} />;
    case 'finding':
      return <FindingScreen {...props} id={screen.id} />;
    case 'task':
      return <TaskScreen {...props} name={screen.name} begin={screen.begin} />;
    case 'activity':
      return <ActivityScreen {...props} />;
    case 'speed':
      return <SpeedScreen {...props} />;
    case 'verify':
      return <VerifyScreen {...props} />;
    case 'verify-row':
      return <VerifyRowScreen {...props} row={screen.row} />;
    case 'verify-log':
      return <VerifyLogScreen {...props} row={screen.row} />;
    case 'log':
      return <LogScreen {...props} job={screen.job} />;
    case 'job':
      return <JobScreen {...props} id={screen.id} />;
    case 'pipelines':
      return <PipelinesScreen {...props} />;
    case 'compare':
      return <CompareScreen {...props} before={screen.before} after={screen.after} />;
    case 'what-if':
      return <WhatIfScreen {...props} job={screen.job} />;
    case 'container-log':
      return <ContainerLogScreen {...props} engine={screen.engine} name={screen.name} />;
    case 'help':
      return null;
  }
}
