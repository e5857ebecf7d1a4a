import { paneIds, paneTitles } from '../state/paneIds.ts';
import type { Action } from './action.ts';

export const dashboardActions: readonly Action[] = [
  ...paneIds.map(
    (id, index): Action => ({
      id: `dashboard.${id}`,
      title: paneTitles[id],
      help: `Goes to the pane ${paneTitles[id]}.`,
      keys: [String(index + 1)],
      scope: 'dashboard',
      effect: 'read',
    }),
  ),
  {
    id: 'dashboard.tasks',
    title: 'Tasks',
    help: 'The thirteen tasks of the plan, over the whole screen.',
    keys: ['t'],
    scope: 'dashboard',
    effect: 'read',
  },
  {
    id: 'dashboard.next',
    title: 'Next pane',
    keys: ['tab'],
    scope: 'dashboard',
    effect: 'read',
    footer: 50,
  },
  {
    id: 'dashboard.previous',
    title: 'Previous pane',
    keys: ['shift-tab'],
    scope: 'dashboard',
    effect: 'read',
  },
  {
    id: 'dashboard.zoom',
    title: 'Zoom',
    help: 'The pane over the whole screen, and back.',
    keys: ['+'],
    scope: 'dashboard',
    effect: 'read',
    footer: 55,
  },
  {
    id: 'dashboard.refresh',
    title: 'Refresh',
    help: 'Asks the sources of this pane again.',
    keys: ['r'],
    scope: 'dashboard',
    effect: 'read',
    footer: 45,
  },
];
