import { known } from '../../core/known.ts';
import type { Planning, Refusal, Task } from '../task.ts';
import type { CiChange } from './change.ts';
import { planCiChange } from './plan.ts';
import { rolloutProbes } from './probes.ts';
import { offerPull, planPull, pullOption } from './pull.ts';
import { offerRevert, planRevert, revertOption } from './revert.ts';
import { triedWays } from './tried.ts';

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
    async options(planning) {
      const ways = triedWays(planning.workspace, name);
      const all = (await options?.(planning)) ?? [];
      const pull = await offerPull(planning, name);
      // The other ways were worked out from files that are older than what was merged.
      const isBehind = pull.some(({ possible }) => possible);
      return [
        ...all.map((option) => {
          const tried = ways.find((way) => way.option === option.name);
          return known({ ...option, tried, recommended: option.recommended && !isBehind });
        }),
        ...(await offerRevert(planning, name)),
        ...pull,
      ];
    },
    async plan(planning) {
      if (planning.choice.option === pullOption) return planPull(planning, name);
      if (planning.choice.option === revertOption) return planRevert(planning, name);
      const changed = await change(planning);
      return 'refused' in changed ? changed : planCiChange(planning, changed);
    },
  };
}

export function isCiTask(task: Task): task is CiTask {
  return 'change' in task;
}
