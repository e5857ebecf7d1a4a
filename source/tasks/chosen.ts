import { NeedsUser } from '../core/failure.ts';
import { plain } from '../core/text/safe.ts';
import type { Choice, Planning, Task } from './task.ts';

/** The choice with its option: the one named, or the recommended one. Throws `NeedsUser` when it is not possible. */
export async function chosen(task: Task, planning: Planning): Promise<Choice> {
  const { choice } = planning;
  const options = (await task.options?.(planning)) ?? [];
  const { option } = choice;
  const found =
    option === undefined
      ? (options.find(({ possible, recommended }) => possible && recommended) ??
        options.find(({ possible }) => possible))
      : options.find(({ name }) => name === option);
  if (!found && options.length === 0 && option === undefined) return choice;
  if (found?.possible) return { ...choice, option: found.name };
  throw new NeedsUser({
    tried: `plan ${task.name}${option === undefined ? '' : ` with the option ${plain(option)}`}`,
    saw: found
      ? `it is not possible: ${found.because ?? ''}`
      : 'there is no such option, or none is possible here',
    next: options.flatMap(({ name, title, possible, because, byHand, recommended }) =>
      possible
        ? [`--option ${name}: ${title}`]
        : [
            `${name} is not possible: ${because ?? ''}`,
            ...(byHand && (found?.name ?? (recommended && name)) === name
              ? ['To write by hand:', ...byHand.map((line) => `  ${line}`)]
              : []),
          ],
    ),
    code: 'no-such-option',
  });
}
