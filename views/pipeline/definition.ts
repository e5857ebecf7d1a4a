import { groupName } from '../../source/core/pipeline/group.ts';
import type { Snapshot } from '../../source/monitor/snapshot.ts';
import type { EditorPlace } from '../../source/services/editor/open.ts';

/** Where the checkout defines a job; undefined while that is not known, and for jobs of other configurations. */
export function definitionOf(
  { checkout, facts }: Pick<Snapshot, 'checkout' | 'facts'>,
  job: string | undefined,
): EditorPlace | undefined {
  const root = checkout.value?.root;
  const jobs = facts?.configuration?.jobs;
  if (job === undefined || root === undefined || !jobs) return undefined;
  const definition = jobs.get(job) ?? jobs.get(groupName(job));
  return definition && { root, file: definition.at.file, line: definition.at.line };
}
