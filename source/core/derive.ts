import { atticCache } from './caches/attic.ts';
import { bazelDiskCache, bazelRemoteCache } from './caches/bazel.ts';
import { jobStores } from './caches/jobs.ts';
import { layerCache } from './caches/layers.ts';
import type { CacheRow } from './caches/row.ts';
import type { Finding } from './evidence.ts';
import type { Observations } from './observations.ts';
import type { SigningRow } from './signing/row.ts';
import { signingRows } from './signing/rows.ts';
import type { VariableRow } from './variables/row.ts';
import { variableRows } from './variables/rows.ts';
import { refsOfInterest } from './variables/usable.ts';

/** The lines of a pane and what is wrong with them. */
export interface Derived<T> {
  readonly rows: readonly T[];
  readonly findings: readonly Finding[];
}

/** The caches, as the files and the servers show them. */
export function deriveCaches(
  { facts, attic, bazelRemote, hitRate }: Pick<Observations, 'facts' | 'attic' | 'bazelRemote' | 'hitRate'>,
  now: string,
): Derived<CacheRow> {
  const seen = { now, ...(facts ? { files: facts.readAt } : {}) };
  const caches = [
    atticCache(facts?.nix, attic, seen),
    bazelRemoteCache(facts?.bazel, bazelRemote, hitRate, seen),
    layerCache(facts?.builds, seen),
    bazelDiskCache(facts?.bazel, facts?.caches ?? [], seen),
    ...jobStores(facts, seen),
  ];
  return { rows: caches.map(({ row }) => row), findings: caches.flatMap(({ findings }) => findings) };
}

/** The variables that are set, required or read. */
export function deriveVariables(
  {
    facts,
    variables,
    protections,
    project,
  }: Pick<Observations, 'facts' | 'variables' | 'protections' | 'project'>,
  now: string,
): Derived<VariableRow> {
  const listing = variables.value;
  const defaultBranch = project.value?.defaultBranch ?? facts?.defaultBranch ?? 'main';
  const refs =
    protections.value && refsOfInterest(protections.value, { defaultBranch, tags: facts?.tags ?? [] });
  return variableRows({
    uses: facts?.uses ?? [],
    defined: facts?.defined ?? new Set(),
    eventsOf: facts?.eventsOf ?? new Map(),
    readAt: facts?.readAt ?? now,
    listedFrom: `GitLab ${project.value?.path ?? 'project'} and its groups`,
    ...(listing ? { listing } : {}),
    ...(variables.fetchedAt === undefined ? {} : { listedAt: new Date(variables.fetchedAt).toISOString() }),
    ...(refs ? { refs } : {}),
  });
}

/** Signing credentials and the last signing jobs. */
export function deriveSigning(
  rows: readonly VariableRow[],
  { signingJobs }: Pick<Observations, 'signingJobs'>,
  now: string,
): Derived<SigningRow> {
  return signingRows(rows, signingJobs.value ?? [], now);
}
