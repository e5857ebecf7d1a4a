import type { EventJobs, World } from './world.ts';

/** The jobs that wait, over any number of steps, for one of `changed`, themselves included. O(jobs + needs). */
export function behind(world: World, event: EventJobs, changed: Iterable<string>): Set<string> {
  const found = new Set<string>();
  const open: string[] = [];
  const indexOf = (name: string): number => world.stageIndex.get(world.waits.get(name)?.stage ?? '') ?? 0;
  // Jobs in stage order of later stages than this one are in.
  let above = Number.POSITIVE_INFINITY;
  const add = (name: string): void => {
    if (found.has(name) || !event.jobs.has(name)) return;
    found.add(name);
    open.push(name);
  };
  for (const name of changed) add(name);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const dependant of world.dependants.get(next) ?? []) add(dependant);
    const index = indexOf(next);
    if (index >= above) continue;
    for (const name of event.jobs.keys())
      if (world.waits.get(name)?.needs === null && indexOf(name) > index) add(name);
    above = index;
  }
  return found;
}
