import { useEffect, useState } from 'react';
import { jobSet } from '../../source/core/ci/jobSet.ts';
import type { Configuration, PipelineContext } from '../../source/core/ci/model.ts';
import { Failure } from '../../source/core/failure.ts';
import type { Pipeline } from '../../source/core/gitlab/model.ts';
import type { Snapshot } from '../../source/monitor/snapshot.ts';
import type { Checkout } from '../../source/services/git/checkout.ts';
import { openCommit } from '../../source/services/git/commit.ts';
import { pipelineContext } from '../../source/services/git/pipelineContext.ts';
import type { Workspace } from '../../source/services/workspace.ts';
import { useHost } from '../host.ts';
import { eventOf } from './event.ts';

/** The configuration that a pipeline was made from, or what comes nearest to it here. */
export interface Defined {
  readonly configuration: Configuration;
  /** What its rules are held against. */
  readonly context: PipelineContext;
  /** It is that of the pipeline's own commit. */
  readonly isOwn: boolean;
}

interface Kept {
  readonly key: string;
  readonly read: Promise<Defined | undefined>;
}

/** The last that was read. */
const kept = new WeakMap<Workspace, Kept>();

/** The configuration of the pipeline's commit where it is in the checkout, else of the working tree; undefined until it was read. */
export function useDefined(
  { checkout, project }: Snapshot,
  pipeline: Pipeline | undefined,
): Defined | undefined {
  const { workspace } = useHost();
  const [defined, setDefined] = useState<Defined>();
  const root = checkout.value?.root;
  const commit = checkout.value?.commit ?? '';
  const entry = project.value?.ciConfigPath ?? '.gitlab-ci.yml';
  useEffect(() => {
    if (root === undefined || !pipeline) return;
    let isHere = true;
    const key = [root, commit, entry, pipeline.sha, pipeline.ref, pipeline.source].join('\n');
    const known = kept.get(workspace);
    const read = known?.key === key ? known.read : readDefined(workspace, root, entry, pipeline);
    kept.set(workspace, { key, read });
    read.then(
      (found) => isHere && setDefined(found),
      () => kept.delete(workspace),
    );
    return () => {
      isHere = false;
    };
  }, [workspace, root, commit, entry, pipeline]);
  return defined;
}

async function readDefined(
  workspace: Workspace,
  root: string,
  entry: string,
  pipeline: Pipeline,
): Promise<Defined | undefined> {
  const own = await attempt(() => openCommit(root, pipeline.sha));
  const files = own ?? (await attempt(() => workspace.openCheckout()));
  if (!files) return undefined;
  const context = pipelineContext(files, eventOf(pipeline), { ref: pipeline.ref });
  return { configuration: jobSet(entry, context).configuration, context, isOwn: own !== undefined };
}

/** Undefined for a commit or a checkout that is not there. */
async function attempt(open: () => Promise<Checkout>): Promise<Checkout | undefined> {
  try {
    return await open();
  } catch (thrown) {
    if (thrown instanceof Failure) return undefined;
    throw thrown;
  }
}
