import type { Waits } from './waits.ts';
import type { EventJobs, World } from './world.ts';

/**
 * The jobs of an event's pipeline that must be over before a job starts, over any number of steps, by names of the
 * configuration. Manual jobs that may be left out count only where they are needed by name. O(jobs + needs).
 */
export function ancestorsOf(world: World, event: EventJobs, waits: Waits, job: string): Set<string> {
  const found = new Set<string>();
  const open: string[] = [job];
  // All jobs of stages before this one are in.
  let below = 0;
  const indexOf = (name: string): number => world.stageIndex.get(waits.get(name)?.stage ?? '') ?? 0;
  const add = (name: string): void => {
    if (found.has(name) || name === job || !event.jobs.has(name)) return;
    found.add(name);
    open.push(name);
  };
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const wait = waits.get(next);
    if (!wait) continue;
    for (const { job: need } of wait.needs ?? []) add(need);
    const index = indexOf(next);
    if (wait.needs !== null || index <= below) continue;
    for (const name of event.jobs.keys()) {
      const other = indexOf(name);
      if (other >= below && other < index && !event.left.has(name)) add(name);
    }
    below = index;
  }
  return found;
}
