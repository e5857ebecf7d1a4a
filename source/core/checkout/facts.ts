import type { BazelClaims } from '../bazel/claims.ts';
import { bazelClaims } from '../bazel/claims.ts';
import { checkConfiguration } from '../ci/checks/index.ts';
import { jobSet, type ResolvedJobSet } from '../ci/jobSet.ts';
import type { CiFiles, Configuration, PipelineContext, PipelineEvent } from '../ci/model.ts';
import { type ImageBuild, imageBuilds } from '../container/builds.ts';
import type { Finding } from '../evidence.ts';
import type { NixClaims } from '../nix/claims.ts';
import { nixClaims } from '../nix/claims.ts';
import { definedVariables } from '../variables/defined.ts';
import { type VariableUse, variableUses } from '../variables/uses.ts';
import { type JobArtifacts, type JobCache, storesOf } from './stores.ts';

/** What the files of a checkout say, read once for each state of the checkout. */
export interface CheckoutFacts {
  /** ISO 8601 UTC. */
  readonly readAt: string;
  readonly defaultBranch: string;
  /** Version tags, oldest first. */
  readonly tags: readonly string[];
  /** By event; empty when there is no CI configuration. */
  readonly sets: ReadonlyMap<PipelineEvent, ResolvedJobSet>;
  readonly configuration?: Configuration;
  readonly checks: readonly Finding[];
  readonly uses: readonly VariableUse[];
  readonly defined: ReadonlySet<string>;
  /** By job name of the configuration. */
  readonly eventsOf: ReadonlyMap<string, ReadonlySet<PipelineEvent>>;
  readonly builds: readonly ImageBuild[];
  readonly caches: readonly JobCache[];
  readonly artifacts: readonly JobArtifacts[];
  readonly nix: NixClaims;
  readonly bazel: BazelClaims;
  /** Tracked files, for questions such as whether there is a flake. */
  readonly files: ReadonlySet<string>;
}

export interface FactsInput {
  readonly readAt: string;
  readonly files: CiFiles;
  /** Path of the CI configuration: `.gitlab-ci.yml` unless the project says otherwise. */
  readonly entry: string;
  readonly defaultBranch: string;
  readonly tags: readonly string[];
  readonly contextOf: (event: PipelineEvent) => PipelineContext;
}

const events = ['push', 'merge_request', 'tag', 'schedule', 'web'] as const;

/** Reads everything that the program wants to know of a checkout's files. */
export function readFacts({
  readAt,
  files,
  entry,
  defaultBranch,
  tags,
  contextOf,
}: FactsInput): CheckoutFacts {
  const hasConfiguration = files.read(entry) !== undefined;
  const sets = new Map(
    hasConfiguration ? events.map((event) => [event, jobSet(entry, contextOf(event))] as const) : [],
  );
  const configuration = sets.get('push')?.configuration;
  return {
    readAt,
    defaultBranch,
    tags,
    sets,
    ...(configuration ? { configuration } : {}),
    checks: configuration ? checkConfiguration({ configuration, sets, files }) : [],
    uses: configuration ? variableUses(configuration) : [],
    defined: configuration ? definedVariables(configuration) : new Set(),
    eventsOf: eventsByJob(sets),
    builds: configuration ? imageBuilds(configuration) : [],
    ...(configuration ? storesOf(configuration) : { caches: [], artifacts: [] }),
    nix: nixClaims(files),
    bazel: bazelClaims(files),
    files: new Set(files.list()),
  };
}

function eventsByJob(sets: CheckoutFacts['sets']): Map<string, Set<PipelineEvent>> {
  const found = new Map<string, Set<PipelineEvent>>();
  for (const [event, set] of sets)
    for (const { definition } of set.jobs) {
      const known = found.get(definition.name) ?? new Set();
      found.set(definition.name, known.add(event));
    }
  return found;
}
