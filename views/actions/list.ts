import type { Action } from './action.ts';
import { scoped } from './scoped.ts';

const list = scoped('list');

export const listActions: readonly Action[] = [
  list('open', 'Open', 'enter', 'The detail, with the evidence for it.', { footer: 70 }),
  list('down', 'Down', ['j', 'down']),
  list('up', 'Up', ['k', 'up']),
  list('half-down', 'Half a page down', ['ctrl-d', 'pagedown']),
  list('half-up', 'Half a page up', ['ctrl-u', 'pageup']),
  list('top', 'First', ['g', 'home']),
  list('bottom', 'Last', ['G', 'end']),
  list('filter', 'Filter', '/', 'Keeps the rows with these words; Esc clears it.', { footer: 60 }),
  list('next', 'Next match', 'n'),
  list('previous', 'Previous match', 'N'),
  list('mark', 'Mark', 'space', 'Marks a row; copying takes all that are marked.'),
  list('copy', 'Copy', 'y', 'To the clipboard, through the terminal (OSC 52).', { footer: 42 }),
  list('browse', 'Open in browser', 'o', undefined, { footer: 20 }),
  list('view', 'Next view', 'v', 'The next way to look at the same.', { footer: 25 }),
];
