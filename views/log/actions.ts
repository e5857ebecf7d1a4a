import type { Action } from '../actions/action.ts';
import { scoped } from '../actions/scoped.ts';

const action = scoped('log');

/** Actions of the scope `log`, for the registry. */
export const logActions: readonly Action[] = [
  action('error', 'First error', 'e', 'Goes to the line that tells of a failure first.', { footer: 66 }),
  action('follow', 'Follow', 'F', 'Stays at the end as the log grows.', { footer: 58 }),
  action('fold-all', 'Fold all', 'z', 'Folds all sections, or opens them.', { footer: 54 }),
  action('wrap', 'Wrap', 'W', 'Breaks long lines, or cuts them.', { footer: 36 }),
  action('stamps', 'Timestamps', 'S', 'Shows when each line was written, where the log tells.', {
    footer: 34,
  }),
  action('line', 'Go to line', '#', 'Goes to a line by its number.', { footer: 22 }),
  action('right', 'To the right', ['right', ']'], 'Further along long lines.'),
  action('left', 'To the left', ['left', '['], 'Back along long lines.'),
  action('save', 'Save', '>', 'Puts the log into a file, as GitLab sent it.', {
    effect: 'local',
    footer: 28,
  }),
];
