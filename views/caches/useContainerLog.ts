import { useMemo } from 'react';
import { type ContainerLog, openContainerLog } from '../../source/services/host/containerLog.ts';
import { useFollowed } from '../hooks/useFollowed.ts';
import { useHost } from '../host.ts';

/** What a container says, followed while it is on the screen; undefined without a host. */
export function useContainerLog(engine: 'docker' | 'podman', name: string): ContainerLog | undefined {
  const { honey } = useHost().workspace;
  const host = 'service' in honey ? honey.service : undefined;
  const store = useMemo(() => host && openContainerLog({ host, engine, name }), [host, engine, name]);
  useFollowed(store);
  return store;
}
