import type { Task } from '../task.ts';
import { rolloutProbes } from './probes.ts';
import { offerRevert, planRevert, revertOption } from './revert.ts';

/** A task that changes the CI configuration: it can be tried on a branch, and taken back after it was merged. */
export function rolledOut(task: Task): Task {
  const { name, plan, options } = task;
  return {
    ...task,
    canTry: true,
    probes: { ...task.probes, ...rolloutProbes },
    options: async (planning) => [
      ...((await options?.(planning)) ?? []),
      ...(await offerRevert(planning, name)),
    ],
    ...(plan
      ? {
          plan: (planning) =>
            planning.choice.option === revertOption ? planRevert(planning, name) : plan(planning),
        }
      : {}),
  };
}
