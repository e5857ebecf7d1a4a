import type { Planning, Refusal, Task } from '../task.ts';
import type { CiChange } from './change.ts';
import { planCiChange } from './plan.ts';
import { rolloutProbes } from './probes.ts';
import { offerRevert, planRevert, revertOption } from './revert.ts';

/** A task that changes the CI configuration: it can be simulated, tried on a branch, and taken back after it was merged. */
export interface CiTask extends Task {
  /** What is to be changed for the choice; or why it cannot be. */
  readonly change: (planning: Planning) => Promise<CiChange | Refusal>;
}

/** Gives a task that changes the CI configuration its plan, its trial and its way back. */
export function ciTask(task: Omit<CiTask, 'plan' | 'canTry'>): CiTask {
  const { name, change, options } = task;
  return {
    ...task,
    canTry: true,
    probes: { ...task.probes, ...rolloutProbes },
    options: async (planning) => [
      ...((await options?.(planning)) ?? []),
      ...(await offerRevert(planning, name)),
    ],
    async plan(planning) {
      if (planning.choice.option === revertOption) return planRevert(planning, name);
      const changed = await change(planning);
      return 'refused' in changed ? changed : planCiChange(planning, changed);
    },
  };
}

export function isCiTask(task: Task): task is CiTask {
  return 'change' in task;
}
