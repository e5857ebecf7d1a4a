import type { Action } from './action.ts';

function list(
  word: string,
  title: string,
  keys: readonly string[],
  more: Partial<Pick<Action, 'help' | 'footer'>> = {},
): Action {
  return { id: `list.${word}`, title, keys, scope: 'list', effect: 'read', ...more };
}

export const listActions: readonly Action[] = [
  list('open', 'Open', ['enter'], { help: 'The detail, with the evidence for it.', footer: 70 }),
  list('down', 'Down', ['j', 'down']),
  list('up', 'Up', ['k', 'up']),
  list('half-down', 'Half a page down', ['ctrl-d', 'pagedown']),
  list('half-up', 'Half a page up', ['ctrl-u', 'pageup']),
  list('top', 'First', ['g', 'home']),
  list('bottom', 'Last', ['G', 'end']),
  list('filter', 'Filter', ['/'], { help: 'Keeps the rows with these words; Esc clears it.', footer: 60 }),
  list('next', 'Next match', ['n']),
  list('previous', 'Previous match', ['N']),
  list('mark', 'Mark', ['space'], { help: 'Marks a row; copying takes all that are marked.' }),
  list('copy', 'Copy', ['y'], { help: 'To the clipboard, through the terminal (OSC 52).', footer: 42 }),
  list('browse', 'Open in browser', ['o'], { footer: 20 }),
  list('view', 'Next view', ['v'], { help: 'The next way to look at the same.', footer: 25 }),
];
