import type { Action } from '../actions/action.ts';

function action(
  word: string,
  title: string,
  key: string,
  help: string,
  more: Partial<Pick<Action, 'effect' | 'footer'>> = {},
): Action {
  return { id: `verify.${word}`, title, help, keys: [key], scope: 'verify', effect: 'read', ...more };
}

/** Actions of the scope `verify`, for the registry. */
export const verifyActions: readonly Action[] = [
  action('run', 'Run', 'B', 'Builds, or runs the job again, after a question.', {
    effect: 'remote',
    footer: 69,
  }),
  action('refresh', 'Look again', 'r', 'Reads what can be read without building.', { footer: 67 }),
  action('log', 'Log', 'l', 'All that the command printed, as it prints it.', { footer: 66 }),
  action('stop', 'Stop', 'x', 'Stops what runs here or on honey; a job that was started goes on.', {
    footer: 65,
  }),
];
