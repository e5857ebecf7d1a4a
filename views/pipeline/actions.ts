import type { Action } from '../actions/action.ts';
import { scoped } from '../actions/scoped.ts';

const action = scoped('pipeline');

/** Actions of the scope `pipeline`, for the registry. */
export const pipelineActions: readonly Action[] = [
  action('log', 'Log', 'l', 'The log of the job, as it grows.', { footer: 68 }),
  action('edit', 'Edit definition', 'd', 'Opens the line that defines the job in $EDITOR.', { footer: 30 }),
  action('right', 'Next column', ['right', ']'], 'The next stage or layer.'),
  action('left', 'Previous column', ['left', '['], 'The stage or layer before.'),
  action('closer', 'Closer', '.', 'Half as much of the timeline, around the selected job.', { footer: 28 }),
  action('wider', 'Wider', ',', 'Twice as much of the timeline.', { footer: 27 }),
  action('errors', 'Failed only', 'e', 'Only the jobs that failed or were canceled.', { footer: 38 }),
  action('choose', 'Pipelines', 'H', 'The latest pipelines, to choose one or compare two.', { footer: 58 }),
  action('child', 'Child pipeline', 'O', 'The pipeline that the selected bridge started.', { footer: 37 }),
  action('parent', 'Parent pipeline', '<', 'The pipeline whose bridge started this one.', { footer: 57 }),
  action('compare', 'Compare', 'c', 'What differs from an earlier pipeline.', { footer: 32 }),
  action('what-if', 'What if', 'w', 'The time that a change would gain, before it is made.', {
    footer: 36,
  }),
  action('undo', 'Take back', 'u', 'Takes the last thought-of change back.', { footer: 64 }),
  action('retry', 'Retry job', 'T', 'A new attempt of the job.', { effect: 'remote', footer: 34 }),
  action('play', 'Play job', 'P', 'Starts a manual job, with variables where wanted.', {
    effect: 'remote',
    footer: 33,
  }),
  action('cancel', 'Cancel job', 'X', 'Stops the job.', { effect: 'remote', footer: 31 }),
  action('retry-all', 'Retry pipeline', 'E', 'New attempts of all that failed or was canceled.', {
    effect: 'remote',
  }),
  action('cancel-all', 'Cancel pipeline', 'K', 'Stops everything that has not ended.', {
    effect: 'remote',
  }),
];
