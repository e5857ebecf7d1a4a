import type { Effect } from '../../source/core/change.ts';

/** Where an action is at home; the inner of those that are on the screen are asked first. */
export const scopes = [
  'global',
  'dashboard',
  'screen',
  'list',
  'plan',
  'caches',
  'variables',
  'signing',
  'pipeline',
  'log',
  'task',
  'findings',
  'activity',
  'speed',
  'verify',
  'detail',
] as const;

export type Scope = (typeof scopes)[number];

/** What a user can do, as data. Keys, footer, help, palette and the README's table come from it. */
export interface Action {
  /** `list.down`: the scope, then a word. */
  readonly id: string;
  /** In the imperative, short enough for the footer: `Open`. */
  readonly title: string;
  /** One sentence for help and palette, where the title does not say enough. */
  readonly help?: string;
  /** Names of strokes: `j`, `G`, `ctrl-d`, `enter`, `space`. */
  readonly keys: readonly string[];
  readonly scope: Scope;
  /** `read` changes nothing outside the screen. */
  readonly effect: 'read' | Exclude<Effect, 'own'>;
  /** Shown in the footer when there is room, most useful first; absent for keys that everybody knows. */
  readonly footer?: number;
}

/** What an action does now, given by what is on the screen. */
export interface Binding {
  readonly run: () => void;
  /** Why it cannot run now, in one short sentence; the action stays listed with it. */
  readonly disabled?: string | undefined;
}

/** Bindings by action id. */
export type Bindings = Readonly<Record<string, Binding>>;
