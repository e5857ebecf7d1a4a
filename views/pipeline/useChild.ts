import { useEffect, useMemo, useState } from 'react';
import { asFailure, isAbort } from '../../source/core/failure.ts';
import type { PipelineEdges, PipelineJob, PipelineSummary } from '../../source/core/gitlab/model.ts';
import { ownDownstream } from '../../source/core/pipeline/started.ts';
import type { GitLab } from '../../source/services/gitlab/types.ts';
import { useHost } from '../host.ts';

/** The pipeline that a bridge started, with its jobs once they were read, or why they could not be. */
export interface Child {
  readonly pipeline: PipelineSummary;
  readonly jobs?: readonly PipelineJob[];
  readonly edges?: PipelineEdges;
  readonly because?: string;
}

/** The child that is looked at, as it was read last: another look at the same state asks nothing. */
const kept = new WeakMap<GitLab, { readonly key: string; readonly child: Child }>();

/** Reads what a bridge started, again when its state has changed; undefined for jobs, and for pipelines of other projects. */
export function useChild(
  job: PipelineJob | undefined,
  parent: PipelineSummary | undefined,
): Child | undefined {
  const { workspace } = useHost();
  const gitlab = 'service' in workspace.gitlab ? workspace.gitlab.service : undefined;
  const started = job && parent && ownDownstream(job, parent);
  const key = started ? `${started.id} ${started.status} ${started.updatedAt}` : '';
  const [read, setRead] = useState<{ readonly key: string; readonly child: Child }>();
  useEffect(() => {
    if (!started || !gitlab || kept.get(gitlab)?.key === key) return;
    const until = new AbortController();
    readChild(gitlab, started, until.signal).then(
      (child) => {
        if (until.signal.aborted) return;
        const now = { key, child };
        if (!child.because) kept.set(gitlab, now);
        setRead(now);
      },
      () => undefined,
    );
    return () => until.abort();
  }, [gitlab, key, started]);
  const known = gitlab && kept.get(gitlab);
  const last = known?.key === key ? known : read;
  return useMemo(() => {
    if (!started) return undefined;
    // An older state is shown until the newer one is there.
    const isSame = last?.child.pipeline.id === started.id;
    return isSame ? { ...last.child, pipeline: started } : { pipeline: started };
  }, [started, last]);
}

async function readChild(gitlab: GitLab, pipeline: PipelineSummary, signal: AbortSignal): Promise<Child> {
  try {
    const jobs = await gitlab.jobs(pipeline.id, signal);
    return { pipeline, jobs, edges: await gitlab.edges(pipeline, jobs, signal) };
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    return { pipeline, because: asFailure(thrown, `read pipeline #${pipeline.id}`).saw };
  }
}
