import type { Action, Scope } from '../actions/action.ts';
import type { Available } from '../keys/keyboard.ts';
import { keyLabel } from '../keys/label.ts';
import { fuzzy } from './fuzzy.ts';

/** An action as palette and help list it. */
export interface Command {
  readonly action: Action;
  readonly keys: string;
  /** Why it cannot run now; undefined when it can. */
  readonly disabled: string | undefined;
}

const places: Readonly<Record<Scope, string>> = {
  global: 'Everywhere',
  dashboard: 'On the dashboard',
  screen: 'On a full screen',
  list: 'In lists and texts',
  plan: 'In the pane Plan',
  caches: 'In the pane Caches',
  variables: 'In the pane Variables',
  signing: 'In the pane Signing',
  pipeline: 'In the pane Pipeline',
  log: 'In a log',
  task: 'In a task',
  findings: 'In Findings',
  activity: 'In Activity',
  speed: 'In Speed',
  verify: 'In Verify',
  detail: 'In a detail',
};

/** Where the actions of a scope are at home, as a heading. */
export function placeOf(scope: Scope): string {
  return places[scope];
}

/** Every action of the registry with what keeps it from running now. */
export function commands(actions: readonly Action[], available: readonly Available[]): Command[] {
  const now = new Map(available.map((one) => [one.action.id, one]));
  return actions.map((action) => {
    const here = now.get(action.id);
    return {
      action,
      keys: action.keys.map(keyLabel).join(' '),
      disabled: here ? here.disabled : `only ${lowerFirst(places[action.scope])}`,
    };
  });
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** The commands that a query finds, the best first; those that can run before those that cannot. */
export function found(all: readonly Command[], query: string): Command[] {
  return all
    .flatMap((command) => {
      const score =
        fuzzy(command.action.title, query) ??
        fuzzy(`${command.action.id} ${command.action.help ?? ''}`, query);
      return score === undefined
        ? []
        : [{ command, score: score - (command.disabled === undefined ? 0 : 100) }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ command }) => command);
}

/** The README's table of keys, in Markdown. */
export function keyTable(actions: readonly Action[]): string {
  const rows = actions.map(({ keys, title, help, scope }) => {
    const shown = keys.map((key) => `\`${keyLabel(key)}\``).join(' ');
    return `| ${shown} | ${title} | ${placeOf(scope)} | ${help ?? ''} |`;
  });
  return ['| key | what | where | |', '|---|---|---|---|', ...rows].join('\n');
}
