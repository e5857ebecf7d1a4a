import type { Workspace } from '../../../services/workspace.ts';
import { readRecords } from '../../engine/record.ts';
import { placeOf } from './choose.ts';
import type { ClusterReady } from './cluster.ts';

/** Where a run that was not taken back has put the cache into a cluster last; undefined without one. */
export function clusterOf(workspace: Workspace): ClusterReady | undefined {
  const { runs } = readRecords(workspace);
  const run = runs.findLast(({ plan, ended }) => plan.task === 'bazel-remote' && ended === 'done');
  if (run?.plan.option !== 'kubernetes') return undefined;
  const { context = '', namespace, name } = placeOf(run.plan.settings);
  return { context, namespace, name };
}
