import type { Action, Scope } from './action.ts';

/** Makes the actions of one scope: each is named by a word in it, and reads unless `effect` says more. */
export function scoped(scope: Scope) {
  return (
    word: string,
    title: string,
    keys: string | readonly string[],
    help?: string,
    more: Partial<Pick<Action, 'effect' | 'footer'>> = {},
  ): Action => ({
    id: `${scope}.${word}`,
    title,
    ...(help === undefined ? {} : { help }),
    keys: typeof keys === 'string' ? [keys] : keys,
    scope,
    effect: 'read',
    ...more,
  });
}
