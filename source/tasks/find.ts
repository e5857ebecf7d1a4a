import { NeedsUser } from '../core/failure.ts';
import type { Plan } from '../core/plan/plan.ts';
import { plain } from '../core/text/safe.ts';
import { catalog } from './catalog.ts';
import { chosen } from './chosen.ts';
import type { Planned, Planning, Task } from './task.ts';

/** A task by its name or number. Throws `NeedsUser` with the names there are. */
export function findTask(name: string): Task {
  const task = catalog.find((one) => one.name === name || String(one.number) === name);
  if (task) return task;
  throw new NeedsUser({
    tried: `find the task ${plain(name)}`,
    saw: 'there is no such task',
    next: [`Tasks: ${catalog.map((one) => one.name).join(', ')}`],
    code: 'no-such-task',
  });
}

/** Plans a task, for the option chosen or else the recommended one. Throws when the program does not carry it out. */
export async function planTask(task: Task, planning: Planning): Promise<Planned> {
  if (!task.plan)
    throw new NeedsUser({
      tried: `plan ${task.name}`,
      saw: 'this task is looked at, and not carried out',
      next: [`See where it stands: huskycat-tui task ${task.name} probe`],
      code: 'no-plan',
    });
  if (planning.choice.target === 'trial' && !task.canTry)
    throw new NeedsUser({
      tried: `plan ${task.name} with the target trial`,
      saw: 'it changes nothing that a pipeline of a branch could show',
      next: ['Choose another target: --target worktree, or --target merge-request'],
      code: 'no-trial',
    });
  const choice = await chosen(task, planning);
  return task.plan({ ...planning, choice });
}

/** Throws when a plan is for another task. */
export function requireTask({ task }: Plan, name: string): void {
  if (task === name) return;
  throw new NeedsUser({
    tried: `apply a plan to ${name}`,
    saw: `it is a plan for ${plain(task)}`,
    next: [`huskycat-tui task ${plain(task)} apply --plan FILE`],
    code: 'other-task',
  });
}
