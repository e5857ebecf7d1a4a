import type { Use } from './uses.ts';
import { alwaysWith, type WrittenNeed } from './waits.ts';
import type { World } from './world.ts';

/** A need for what a job uses of another: with artifacts, unless it has some and none is used; optional where it may be absent. */
export function downloadNeed(world: World, job: string, need: string): WrittenNeed {
  const leaves = world.uses.leaves(need);
  const hasFiles = leaves !== undefined && (leaves.paths.length > 0 || leaves.dotenv !== undefined);
  return {
    job: need,
    artifacts: !hasFiles || world.uses.of(job, need).some(isFile),
    optional: !alwaysWith(world.configuration, need, job),
  };
}

/** Something that comes with artifacts, and only to jobs that download them. */
export function isFile({ kind }: Use): boolean {
  return kind === 'artifact' || kind === 'dotenv';
}
