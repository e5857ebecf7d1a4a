import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { Snapshot } from '../../source/monitor/snapshot.ts';
import { useActions } from '../hooks/useKeys.ts';
import { useHost } from '../host.ts';
import type { PaneProps } from '../paneProps.ts';
import { CachesPane } from '../panes/caches.tsx';
import { PlanPane } from '../panes/plan.tsx';
import { SigningPane } from '../panes/signing.tsx';
import { VariablesPane } from '../panes/variables.tsx';
import { laterPipelineScreen } from '../pipeline/later.ts';
import { PipelinePane } from '../pipeline/pane.tsx';
import { dashboardLayout, neighbour, type Place } from '../present/layout.ts';
import { sourcesOf } from '../state/interest.ts';
import { useLater } from '../state/later.ts';
import { paneTitles } from '../state/paneIds.ts';
import { useSlice } from '../state/store.ts';
import { type PaneId, paneIds } from '../state/ui.ts';
import type { Size } from '../text/size.ts';
import { Boundary } from '../widgets/boundary.tsx';
import { Tabs } from '../widgets/tabs.tsx';

/** The five panes: all of them, or one under tabs, or one zoomed. */
export function Dashboard({
  snapshot,
  size,
}: {
  readonly snapshot: Snapshot;
  readonly size: Size;
}): ReactNode {
  const { ui, monitor } = useHost();
  const focus = useSlice(ui, (state) => state.focus);
  const isZoomed = useSlice(ui, (state) => state.isZoomed);
  const go = (pane: PaneId): void => ui.set({ focus: pane, filtering: undefined });
  useActions('dashboard', {
    ...Object.fromEntries(paneIds.map((pane) => [`dashboard.${pane}`, { run: () => go(pane) }])),
    'dashboard.tasks': { run: () => ui.set({ focus: 'plan', isZoomed: true, filtering: undefined }) },
    'dashboard.next': { run: () => go(neighbour(focus, 1)) },
    'dashboard.previous': { run: () => go(neighbour(focus, -1)) },
    'dashboard.zoom': { run: () => ui.set({ isZoomed: !isZoomed }) },
    'dashboard.refresh': { run: () => void monitor.refresh(sourcesOf[focus]) },
  });
  const layout = dashboardLayout(size, focus, isZoomed);
  return (
    <Box width={size.columns} height={size.rows} overflow="hidden">
      {layout.kind === 'tabs' && <Tabs snapshot={snapshot} columns={size.columns} focus={focus} />}
      {layout.places.map((place) => (
        <Box
          key={place.pane}
          position="absolute"
          marginLeft={place.left}
          marginTop={place.top}
          width={place.size.columns}
          height={place.size.rows}
        >
          <Pane place={place} snapshot={snapshot} isFocused={place.pane === focus} isZoomed={isZoomed} />
        </Box>
      ))}
    </Box>
  );
}

interface PlacedPane {
  readonly place: Place;
  readonly snapshot: Snapshot;
  readonly isFocused: boolean;
  readonly isZoomed: boolean;
}

function Pane({ place, snapshot, isFocused, isZoomed }: PlacedPane): ReactNode {
  const { monitor, theme, workspace, ui } = useHost();
  const attempt = useSlice(ui, (state) => state.redraws);
  const props: PaneProps = { snapshot, monitor, size: place.size, theme, isFocused };
  return (
    <Boundary
      title={paneTitles[place.pane]}
      size={place.size}
      theme={theme}
      redact={workspace.redact}
      attempt={attempt}
    >
      {paneOf(place.pane, props, isZoomed)}
    </Boundary>
  );
}

function paneOf(pane: PaneId, props: PaneProps, isZoomed: boolean): ReactNode {
  switch (pane) {
    case 'plan':
      return <PlanPane {...props} isZoomed={isZoomed} />;
    case 'caches':
      return <CachesPane {...props} isZoomed={isZoomed} />;
    case 'variables':
      return <VariablesPane {...props} isZoomed={isZoomed} />;
    case 'signing':
      return <SigningPane {...props} isZoomed={isZoomed} />;
    case 'pipeline':
      return isZoomed ? <ZoomedPipeline {...props} /> : <PipelinePane {...props} />;
  }
}

/** Its list, until the whole of it is loaded. */
function ZoomedPipeline(props: PaneProps): ReactNode {
  const loaded = useLater(laterPipelineScreen, true);
  return loaded ? <loaded.PipelineScreen {...props} /> : <PipelinePane {...props} />;
}
