import { sealPlan } from '../../core/plan/fingerprint.ts';
import type { Plan, PlanStep, SecretWanted } from '../../core/plan/plan.ts';
import type { Planning } from '../task.ts';

export interface PlanParts {
  /** The task's name. */
  readonly task: string;
  readonly steps: readonly PlanStep[];
  readonly secrets?: readonly SecretWanted[];
}

/** The plan of a task for the choice that was made. */
export function planFor(
  { workspace, choice }: Pick<Planning, 'workspace' | 'choice'>,
  { task, steps, secrets = [] }: PlanParts,
): Plan {
  const { option, target, settings } = choice;
  return sealPlan({
    at: new Date(workspace.now()).toISOString(),
    task,
    ...(option === undefined ? {} : { option }),
    target,
    settings,
    secrets,
    steps,
  });
}
