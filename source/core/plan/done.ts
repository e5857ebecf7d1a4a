import { atLeast, type Finding } from '../evidence.ts';
import type { TaskRow } from './row.ts';

/**
 * Tasks that no look of ours can prove: what they change is a setting or a file, and what comes of it is another task's
 * proof. The highest rung that they can be seen on is `valid` or `reachable`.
 */
const unprovable: ReadonlySet<string> = new Set([
  'install-script',
  'signing-variables',
  'attic-substituter',
  'bazel-disk-cache',
  'container-layers',
  'parallel-jobs',
  'cache-lifetimes',
]);

/** What `isDone` goes by, for people. */
export const doneRule =
  'A task counts as done when it was seen to work (proven), or, where only its files and settings can be seen, when those ' +
  'are valid; and never while a finding of severity error is about it. Unknown is not done.';

/** Whether a task counts as done by the rung that its evidence puts it on. */
export function isDone({ name, rung, findings }: TaskRow, all: readonly Finding[]): boolean {
  const isWrong = all.some(({ id, severity }) => severity === 'error' && findings.includes(id));
  return !isWrong && atLeast(rung, unprovable.has(name) ? 'valid' : 'proven');
}

/** `5/13 (38 %)`. */
export function doneCount(tasks: readonly TaskRow[], all: readonly Finding[]): string {
  const done = tasks.filter((task) => isDone(task, all)).length;
  const share = tasks.length === 0 ? 0 : Math.floor((100 * done) / tasks.length);
  return `${done}/${tasks.length} (${share} %)`;
}
