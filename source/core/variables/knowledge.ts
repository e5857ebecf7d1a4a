import type { PipelineEvent } from '../ci/model.ts';
import type { Variable, VariableListing } from '../gitlab/model.ts';
import type { RefOfInterest } from './usable.ts';
import type { VariableUse } from './uses.ts';

/** All that is known about variables at one moment. */
export interface VariableKnowledge {
  /** Absent when GitLab was not asked, or did not answer. */
  readonly listing?: VariableListing;
  /** ISO 8601 UTC of the listing. */
  readonly listedAt?: string;
  /** Where the listing is from: `GitLab tinyland/ai/huskycat and its groups`. */
  readonly listedFrom?: string;
  readonly uses: readonly VariableUse[];
  /** Keys that the configuration sets itself. */
  readonly defined: ReadonlySet<string>;
  /** By job name of the configuration: the events in which it exists. */
  readonly eventsOf: ReadonlyMap<string, ReadonlySet<PipelineEvent>>;
  /** Absent when the protections are not known. */
  readonly refs?: readonly RefOfInterest[];
  /** ISO 8601 UTC when the files were read. */
  readonly readAt: string;
}

/** `variable/KEY`, with the scope and the owner where they tell two apart. */
export function idOf(key: string, variable: Variable | undefined): string {
  if (!variable) return `variable/${key}`;
  const scope = variable.scope === '*' ? '' : `@${variable.scope}`;
  const owner = variable.owner.kind === 'project' ? '' : `:${variable.owner.path}`;
  return `variable/${key}${scope}${owner}`;
}
