import { isDeepStrictEqual } from 'node:util';
import { Refused } from '../../core/failure.ts';
import type { Plan, PlanStep } from '../../core/plan/plan.ts';
import { type Context, executorOf, isEffective } from './context.ts';

/**
 * Holds a whole plan against the world before its first step: every target is as the plan found it or as it wants it, and every
 * step would do what was shown. Gives whether anything is left to do, as it always is where all steps only look. Throws `Refused`: "plan is stale".
 */
export async function checkPlan(plan: Plan, context: Context, signal?: AbortSignal): Promise<boolean> {
  let isLeft = !plan.steps.some(({ action }) => isEffective(action));
  for (const step of plan.steps) {
    const { action } = step;
    if (!isEffective(action)) continue;
    const executor = executorOf(action, context);
    const { state, saw } = await executor.look(signal);
    if (state === 'neither') throw stale(step, saw);
    if (state === 'after') continue;
    isLeft = true;
    if (executor.current && step.before !== undefined) {
      const found = await executor.current(signal ?? new AbortController().signal);
      if (found !== step.before) throw stale(step, `${step.target} is not as it was when the plan was made`);
    }
    if (!isDeepStrictEqual(await executor.preview(signal), step.preview)) throw different(step);
  }
  return isLeft;
}

function stale({ title, target }: PlanStep, saw: string): Refused {
  return new Refused({
    tried: `${title} (${target})`,
    saw: `plan is stale: ${saw}`,
    next: ['Look at what changed, then plan again.'],
    code: 'stale',
  });
}

function different({ title, target }: PlanStep): Refused {
  return new Refused({
    tried: `${title} (${target})`,
    saw: 'the step would not do what its preview shows',
    next: ['Plan again: the plan was not made by this program, or by another version of it.'],
    code: 'plan-differs',
  });
}
