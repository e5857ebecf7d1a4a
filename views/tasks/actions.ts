import type { Action } from '../actions/action.ts';
import { scoped } from '../actions/scoped.ts';

const action = scoped('task');

/** Actions of the scope `task`, for the registry. */
export const taskActions: readonly Action[] = [
  action('plan', 'Plan', 'p', 'Looks and shows what would be done, exactly; changes nothing.', {
    footer: 72,
  }),
  action('apply', 'Apply', 'A', 'Carries the plan out, after a question.', { effect: 'local', footer: 71 }),
  action('verify', 'Verify', 'r', 'Looks again whether it works, and at what was measured since.', {
    footer: 59,
  }),
  action('settings', 'Settings', 'i', 'Changes what the plan is made with.', { footer: 66 }),
  action('target', 'Target', 'h', 'Here in the working tree, tried on a branch, or a merge request.', {
    footer: 64,
  }),
  action('undo', 'Undo', 'U', 'Takes the last run of this task back, after a question.', {
    effect: 'local',
    footer: 62,
  }),
  action('resume', 'Resume', 'C', 'Goes on with a run that was interrupted.', {
    effect: 'local',
    footer: 63,
  }),
  action(
    'next',
    'Next way',
    'J',
    'Plans the trial of the next way that was not tried; it ends the one before.',
    {
      footer: 58,
    },
  ),
  action('ways', 'Ways', 'b', 'Back to the ways to do it.', { footer: 60 }),
  action('stop', 'Stop', 'x', 'Stops the run; it can be resumed or undone.', { footer: 61 }),
];
