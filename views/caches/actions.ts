import type { Action } from '../actions/action.ts';
import { scoped } from '../actions/scoped.ts';

const action = scoped('caches');

/** Actions of the scope `caches`, for the registry: day two of bazel-remote. */
export const cachesActions: readonly Action[] = [
  action('log', 'Log', 'l', 'What the container of bazel-remote says, as it says it.', { footer: 58 }),
  action('restart', 'Restart', 'T', 'Plans a restart of bazel-remote.', { effect: 'remote', footer: 54 }),
  action('upgrade', 'Upgrade', 'V', 'Plans another version of bazel-remote, with a way back.', {
    effect: 'remote',
    footer: 53,
  }),
  action('resize', 'Resize', 'Z', 'Plans another size of bazel-remote.', { effect: 'remote', footer: 52 }),
  action('remove', 'Remove', 'D', 'Plans to remove bazel-remote; its data stay unless they are to go too.', {
    effect: 'destructive',
    footer: 51,
  }),
];
