import { asFailure } from '../../../source/core/failure.ts';
import type { Pipeline } from '../../../source/core/gitlab/model.ts';
import type { Host } from '../../host.ts';
import { eventOf } from '../event.ts';
import type { Thought } from './view.ts';

/** Asks for a task of the plan and gives what it would do to the pipeline's jobs; undefined, and why, when it would do nothing. */
export async function askTask(
  { ask, notify, monitor, workspace }: Pick<Host, 'ask' | 'notify' | 'monitor' | 'workspace'>,
  pipeline: Pipeline,
): Promise<Thought | undefined> {
  const [{ catalog }, { isCiTask }, { simulateTask }] = await Promise.all([
    import('../../../source/tasks/catalog.ts'),
    import('../../../source/tasks/rollout/task.ts'),
    import('../../../source/tasks/rollout/simulated.ts'),
  ]);
  const tasks = catalog.filter(isCiTask);
  const name = await ask.choice({
    title: 'Which task?',
    lines: ['It is worked out on the checkout, and nothing is changed.'],
    options: tasks.map((task) => ({ value: task.name, label: `${task.number} ${task.title}` })),
  });
  const task = tasks.find((one) => one.name === name);
  if (!task) return undefined;
  const known = { ...monitor.snapshot(), now: new Date(workspace.now()).toISOString() };
  const planning = { workspace, known };
  try {
    const options = (await task.options?.(planning)) ?? [];
    const possible = options.filter((option) => option.possible && option.name !== 'revert');
    const first = possible.find(({ recommended }) => recommended) ?? possible[0];
    const option =
      possible.length > 1
        ? await ask.choice({
            title: task.title,
            lines: [first?.recommended ? `${first.name} is recommended.` : 'Each in its own way.'],
            options: possible.map((one) => ({ value: one.name, label: `${one.name}: ${one.title}` })),
          })
        : first?.name;
    if (options.length > 0 && option === undefined) return undefined;
    const choice = { target: 'worktree', settings: {}, ...(option === undefined ? {} : { option }) } as const;
    const { changes, assumptions } = await simulateTask(task, { ...planning, choice }, eventOf(pipeline));
    const title = option === undefined ? task.title : `${task.title}, ${option}`;
    if (changes.length > 0) return { title, changes, assumptions };
    notify(`${task.title} would change nothing in this pipeline`, 'warn');
  } catch (thrown) {
    const failure = asFailure(thrown, `simulate ${task.name}`);
    notify(failure.saw, 'warn');
  }
  return undefined;
}
