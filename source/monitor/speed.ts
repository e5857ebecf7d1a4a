import type { CheckoutFacts } from '../core/checkout/facts.ts';
import { partValue } from '../core/datum.ts';
import { asFailure, isAbort } from '../core/failure.ts';
import { type BuildFiles, copiedPaths, isContainerFile } from '../core/speed/files.ts';
import type { SpeedReport } from '../core/speed/model.ts';
import type { Storage } from '../core/speed/past.ts';
import { speedReport } from '../core/speed/report.ts';
import type { GitLab } from '../services/gitlab/types.ts';
import { requireGitLab } from '../services/requireGitLab.ts';
import type { Workspace } from '../services/workspace.ts';
import type { Snapshot } from './snapshot.ts';
import { readApplied } from './speedApplied.ts';
import { type HasMemory, withLacking } from './speedLacking.ts';
import { type PastMemory, readPast } from './speedPast.ts';

export interface SpeedQuery {
  /** Only pipelines of this branch or tag. */
  readonly ref?: string;
  /** Days back from now. */
  readonly days: number;
}

/** What is seen anyway, and used where it is there. */
export type SpeedSeen = Pick<Snapshot, 'project' | 'facts' | 'bazelRemote' | 'checkout'>;

const day = 86_400_000;
/** Repositories whose size is asked for. */
const most = 5;

/** What was read of one GitLab stays for as long as that is used. */
const memories = new WeakMap<GitLab, PastMemory & { readonly has: HasMemory }>();

/** Reads pipelines and makes the report. Throws the `Failure` of GitLab, or `NeedsUser` where none is configured. */
export async function readSpeed(
  workspace: Workspace,
  seen: SpeedSeen,
  { ref, days }: SpeedQuery,
  signal?: AbortSignal,
): Promise<SpeedReport> {
  const gitlab = requireGitLab(workspace, 'measure pipelines');
  const memory = memories.get(gitlab) ?? {
    pipelines: new Map(),
    jobs: new Map(),
    comparisons: new Map(),
    has: new Map(),
  };
  memories.set(gitlab, memory);
  const notes: string[] = [];
  const files = await buildFiles(workspace, seen.facts, notes, signal);
  const { project } = seen;
  const defaultBranch =
    project.value?.defaultBranch ??
    seen.facts?.defaultBranch ??
    (await gitlab.project(signal)).defaultBranch ??
    'main';
  const asked = workspace.now() + gitlab.clockOffset();
  const query = { from: asked - days * day, files, ...(ref === undefined ? {} : { ref }) };
  const past = await readPast(gitlab, query, memory, signal);
  const root = seen.checkout.value?.root;
  const applied = await readApplied(workspace, {
    project: gitlab.projectPath,
    clockOffset: gitlab.clockOffset(),
    ...(root === undefined ? {} : { root }),
  });
  const marking = { pipelines: past.pipelines, defaultBranch, files, applied };
  return speedReport({
    now: Math.max(asked, workspace.now() + gitlab.clockOffset()),
    days,
    since: past.since,
    pipelines: await withLacking(gitlab, marking, memory.has, signal),
    defaultBranch,
    files,
    applied,
    prices: workspace.prices ?? {},
    storage: await storageOf(gitlab, seen, signal),
    notes: [...past.notes, ...notes, ...always],
    ...(seen.facts?.configuration ? { imageJobs: new Set(seen.facts.builds.map(({ job }) => job)) } : {}),
    ...(ref === undefined ? {} : { ref }),
  });
}

const always = [
  'Durations are those of pipelines and jobs that succeeded; attempts that were retried are in none of the numbers.',
  'After a task count the runs whose commit has its change; after any other commit, all that began later.',
] as const;

/** What the checkout says of the files that matter; less when there is none. */
async function buildFiles(
  workspace: Workspace,
  facts: CheckoutFacts | undefined,
  notes: string[],
  signal: AbortSignal | undefined,
): Promise<BuildFiles> {
  const ci = new Set(facts?.configuration?.files ?? []);
  const paths = [...(facts?.files ?? [])].filter(isContainerFile);
  if (!facts) notes.push('Without a checkout, image builds are told by the names of jobs.');
  if (paths.length === 0) return { ci, copied: [] };
  const checkout = await workspace.openCheckout(signal).catch((thrown: unknown) => {
    if (isAbort(thrown)) throw thrown;
    notes.push(`What the image copies is not known: ${asFailure(thrown, 'open the checkout').saw}`);
    return undefined;
  });
  return { ci, copied: paths.flatMap((path) => copiedPaths(checkout?.read(path) ?? '')) };
}

async function storageOf(
  gitlab: GitLab,
  { bazelRemote }: SpeedSeen,
  signal: AbortSignal | undefined,
): Promise<Storage> {
  const sizes = await cacheSizes(gitlab, signal).catch((thrown: unknown) => {
    if (isAbort(thrown)) throw thrown;
    return [];
  });
  const status = partValue(bazelRemote.value?.status);
  return {
    ...(sizes.length > 0 ? { registryCache: sizes.reduce((sum, size) => sum + size, 0) } : {}),
    ...(status ? { bazelRemote: { used: status.used, limit: status.limit } } : {}),
  };
}

/** Sizes of the registry's repositories that hold caches, by their names; none where GitLab does not tell. */
async function cacheSizes(gitlab: GitLab, signal: AbortSignal | undefined): Promise<number[]> {
  const caches = (await gitlab.registry(signal)).filter(({ path }) => /cache/i.test(path));
  const sizes = await Promise.all(caches.slice(0, most).map(({ id }) => gitlab.registrySize(id, signal)));
  return sizes.flatMap((size) => size ?? []);
}
