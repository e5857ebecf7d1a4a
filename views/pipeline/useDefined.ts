import { useEffect, useState } from 'react';
import { type ChildPipeline, childPipeline } from '../../source/core/ci/downstream.ts';
import { jobSet } from '../../source/core/ci/jobSet.ts';
import type { Configuration, PipelineContext } from '../../source/core/ci/model.ts';
import { Failure } from '../../source/core/failure.ts';
import type { ChangedPaths } from '../../source/core/gitlab/changedPaths.ts';
import type { Pipeline } from '../../source/core/gitlab/model.ts';
import { groupName } from '../../source/core/pipeline/group.ts';
import type { Snapshot } from '../../source/monitor/snapshot.ts';
import type { Checkout } from '../../source/services/git/checkout.ts';
import { openCommit } from '../../source/services/git/commit.ts';
import { pipelineContext } from '../../source/services/git/pipelineContext.ts';
import { readChangedPaths } from '../../source/services/gitlab/changedPaths.ts';
import type { Workspace } from '../../source/services/workspace.ts';
import { useHost } from '../host.ts';
import { eventOf } from './event.ts';

/** The configuration that a pipeline was made from, or what comes nearest to it here. */
export interface Defined {
  readonly configuration: Configuration;
  /** The file that it begins with. */
  readonly entry: string;
  /** What its rules are held against. */
  readonly context: PipelineContext;
  /** It is that of the pipeline's own commit. */
  readonly isOwn: boolean;
  /** What its `rules:changes` looked at; undefined while GitLab is asked. */
  readonly changes?: ChangedPaths;
}

interface Kept {
  readonly key: string;
  readonly plain: Promise<Defined | undefined>;
  /** With the paths that changed, asked for once. */
  compared?: Promise<Defined | undefined> | undefined;
  /** The answer of `compared`. */
  whole?: Defined | undefined;
}

/** The last that was read. */
const kept = new WeakMap<Workspace, Kept>();

/**
 * The configuration of the pipeline's commit where it is in the checkout, else of the working tree; undefined until it was
 * read. What changed follows when GitLab has told it.
 */
export function useDefined(
  { checkout, project, pipeline: watched }: Snapshot,
  pipeline: Pipeline | undefined,
): Defined | undefined {
  const { workspace } = useHost();
  const [defined, setDefined] = useState<Defined>();
  const root = checkout.value?.root;
  const commit = checkout.value?.commit ?? '';
  const entry = project.value?.ciConfigPath ?? '.gitlab-ci.yml';
  const bridge = watched.value?.upstream?.bridge;
  useEffect(() => {
    if (root === undefined || !pipeline) return;
    const until = new AbortController();
    const show = (found: Defined | undefined): void => {
      if (!until.signal.aborted) setDefined(found);
    };
    const key = [root, commit, entry, pipeline.sha, pipeline.ref, pipeline.source, bridge].join('\n');
    const last = kept.get(workspace);
    const read = () => readDefined(workspace, root, { entry, bridge }, pipeline);
    const now = last?.key === key ? last : { key, plain: read() };
    kept.set(workspace, now);
    void follow(now, workspace, pipeline, show);
    return () => until.abort();
  }, [workspace, root, commit, entry, bridge, pipeline]);
  return defined;
}

/** Shows what is known first, then with what changed; what could not be read now is asked again at the next look. */
async function follow(
  known: Kept,
  workspace: Workspace,
  pipeline: Pipeline,
  show: (found: Defined | undefined) => void,
): Promise<void> {
  try {
    known.compared ??= readCompared(known.plain, workspace, pipeline);
    known.compared.catch(() => undefined);
    show(known.whole ?? (await known.plain));
    known.whole = await known.compared;
    show(known.whole);
  } catch (thrown) {
    known.compared = undefined;
    if (!(thrown instanceof Failure)) kept.delete(workspace);
    const plain = await known.plain.catch(() => undefined);
    const because = thrown instanceof Failure ? thrown.saw : 'the changed paths could not be read';
    show(plain && withChanges(plain, { is: 'unread', because }));
  }
}

interface Origin {
  readonly entry: string;
  /** The parent's bridge, where GitLab told it. */
  readonly bridge: string | undefined;
}

async function readDefined(
  workspace: Workspace,
  root: string,
  { entry, bridge }: Origin,
  pipeline: Pipeline,
): Promise<Defined | undefined> {
  const own = await attempt(() => openCommit(root, pipeline.sha));
  const files = own ?? (await attempt(() => workspace.openCheckout()));
  if (!files) return undefined;
  const { known, ...rest } = pipelineContext(files, eventOf(pipeline), { ref: pipeline.ref });
  const isChild = pipeline.source === 'parent_pipeline';
  const context: PipelineContext = {
    ...rest,
    known: isChild ? (known ?? {}) : { ...known, CI_PIPELINE_SOURCE: pipeline.source },
    unread: 'GitLab has not told yet what changed',
  };
  const begin = isChild ? childOf(entry, bridge, context) : { entry, context };
  if (!begin) return undefined;
  const { configuration } = jobSet(begin.entry, begin.context);
  return { ...begin, configuration, isOwn: own !== undefined };
}

/** What the bridge of the parent includes; undefined where that is not known, as for what a job made. */
function childOf(
  entry: string,
  bridge: string | undefined,
  context: PipelineContext,
): ChildPipeline | undefined {
  if (bridge === undefined) return undefined;
  const { configuration } = jobSet(entry, context);
  const definition = configuration.jobs.get(bridge) ?? configuration.jobs.get(groupName(bridge));
  return definition && childPipeline({ name: bridge, definition }, configuration, context);
}

async function readCompared(
  plain: Promise<Defined | undefined>,
  { gitlab }: Workspace,
  pipeline: Pipeline,
): Promise<Defined | undefined> {
  const [defined, changes] = await Promise.all([
    plain,
    'service' in gitlab
      ? readChangedPaths(gitlab.service, pipeline)
      : ({ is: 'unread', because: gitlab.off } as const),
  ]);
  return defined && withChanges(defined, changes);
}

/** Held against what changed; what is included may depend on it. */
function withChanges({ context, entry, isOwn }: Defined, changes: ChangedPaths): Defined {
  const { unread: _, ...rest } = context;
  const compared: PipelineContext = {
    ...rest,
    ...(changes.is === 'known' ? { changed: changes.paths, isOwnChange: true } : {}),
    ...(changes.is === 'unread' ? { unread: changes.because } : {}),
  };
  const { configuration } = jobSet(entry, compared);
  return { configuration, entry, context: compared, isOwn, changes };
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
