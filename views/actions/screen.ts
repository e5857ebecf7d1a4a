import type { Action } from './action.ts';

export const screenActions: readonly Action[] = [
  {
    id: 'findings.fix',
    title: 'Fix',
    help: 'Copies the command that mends this finding, or goes to its task.',
    keys: ['f'],
    scope: 'findings',
    effect: 'read',
    footer: 65,
  },
];
