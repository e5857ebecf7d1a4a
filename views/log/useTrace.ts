import { useMemo } from 'react';
import { openTrace, type TraceStore } from '../../source/services/trace/store.ts';
import { useFollowed } from '../hooks/useFollowed.ts';
import { useHost } from '../host.ts';

/** The log of a job, followed while it is on the screen; undefined without GitLab. */
export function useTrace(job: number): TraceStore | undefined {
  const { workspace } = useHost();
  const gitlab = 'service' in workspace.gitlab ? workspace.gitlab.service : undefined;
  const store = useMemo(
    () => gitlab && openTrace({ gitlab, job, now: () => workspace.now() + gitlab.clockOffset() }),
    [gitlab, job, workspace],
  );
  useFollowed(store);
  return store;
}
