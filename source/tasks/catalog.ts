import { atLeast } from '../core/evidence.ts';
import type { TaskRow } from '../core/plan/row.ts';
import { atticPublicKey } from './atticPublicKey/task.ts';
import { bazelDiskCache } from './bazel.ts';
import { bazelRemote } from './bazelRemote/task.ts';
import { cacheLifetimes } from './cacheLifetimes/task.ts';
import { containerLayers } from './containerLayers/task.ts';
import { installScript } from './installScript.ts';
import { atticSubstituter, nixFlake } from './nix.ts';
import { pages } from './pages.ts';
import { parallelJobs } from './parallelJobs/task.ts';
import { notarization, signingCredentials, signingJobs } from './signing.ts';
import type { Known, Task } from './task.ts';

/** The thirteen tasks of the build plan, in its order. */
export const catalog: readonly Task[] = [
  pages,
  installScript,
  signingCredentials,
  signingJobs,
  notarization,
  nixFlake,
  atticSubstituter,
  atticPublicKey,
  bazelDiskCache,
  bazelRemote,
  containerLayers,
  parallelJobs,
  cacheLifetimes,
];

/** Every task where its evidence puts it, also those that the plan calls done. */
export function probeTasks(known: Known): TaskRow[] {
  const probed = catalog.map((task) => ({ task, probe: task.probe(known) }));
  const isThere = new Map(probed.map(({ task, probe }) => [task.number, atLeast(probe.rung, 'valid')]));
  return probed.map(({ task: { number, name, title, wave, dependsOn, promise }, probe }) => ({
    number,
    name,
    title,
    wave,
    ...probe,
    ...(promise === undefined ? {} : { promise }),
    blockedBy: dependsOn.filter((one) => isThere.get(one) === false),
  }));
}
