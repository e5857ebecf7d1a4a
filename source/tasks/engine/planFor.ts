import { sealPlan } from '../../core/plan/fingerprint.ts';
import type { Plan, PlanStep, SecretWanted } from '../../core/plan/plan.ts';
import type { Predicted } from '../../core/plan/predicted.ts';
import type { Planning } from '../task.ts';

export interface PlanParts {
  /** The task's name. */
  readonly task: string;
  readonly steps: readonly PlanStep[];
  readonly secrets?: readonly SecretWanted[];
  readonly predicted?: readonly Predicted[];
}

/** The plan of a task for the choice that was made. */
export function planFor(
  { workspace, choice }: Pick<Planning, 'workspace' | 'choice'>,
  { task, steps, secrets = [], predicted = [] }: PlanParts,
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
    ...(predicted.length > 0 ? { predicted } : {}),
  });
}
