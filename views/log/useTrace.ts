import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { openTrace, type TraceStore } from '../../source/services/trace/store.ts';
import { useHost } from '../host.ts';

/** A log is drawn again at most so often, in milliseconds, however fast it grows. */
const pace = 250;

/** The log of a job, followed while it is on the screen; undefined without GitLab. */
export function useTrace(job: number): TraceStore | undefined {
  const { workspace } = useHost();
  const gitlab = 'service' in workspace.gitlab ? workspace.gitlab.service : undefined;
  const store = useMemo(
    () => gitlab && openTrace({ gitlab, job, now: () => workspace.now() + gitlab.clockOffset() }),
    [gitlab, job, workspace],
  );
  useEffect(() => {
    store?.follow();
    return () => store?.stop();
  }, [store]);
  const subscribe = useCallback(
    (listener: () => void) => {
      if (!store) return () => {};
      let timer: NodeJS.Timeout | undefined;
      const later = (): void => {
        timer ??= setTimeout(() => {
          timer = undefined;
          listener();
        }, pace);
      };
      const leave = store.subscribe(later);
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
