import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { type ContainerLog, openContainerLog } from '../../source/services/host/containerLog.ts';
import { useHost } from '../host.ts';

/** A log is drawn again at most so often, in milliseconds, however fast it grows. */
const pace = 250;

/** What a container says, followed while it is on the screen; undefined without a host. */
export function useContainerLog(engine: 'docker' | 'podman', name: string): ContainerLog | undefined {
  const { honey } = useHost().workspace;
  const host = 'service' in honey ? honey.service : undefined;
  const store = useMemo(() => host && openContainerLog({ host, engine, name }), [host, engine, name]);
  useEffect(() => {
    store?.follow();
    return () => store?.stop();
  }, [store]);
  const subscribe = useCallback(
    (listener: () => void) => {
      if (!store) return () => {};
      let timer: NodeJS.Timeout | undefined;
      const leave = store.subscribe(() => {
        timer ??= setTimeout(() => {
          timer = undefined;
          listener();
        }, pace);
      });
      return () => {
        leave();
        clearTimeout(timer);
      };
    },
    [store],
  );
  useSyncExternalStore(subscribe, () => store?.version() ?? 0);
  return store;
}
