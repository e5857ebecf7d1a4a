import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the program keeps its files. */
export interface Paths {
  readonly configuration: string;
  /** The folder of what the program keeps for itself: the journal, the last screen. */
  readonly state: string;
  readonly journal: string;
}

/**
 * The places that the XDG base directory specification gives: configuration in `$XDG_CONFIG_HOME`, state in
 * `$XDG_STATE_HOME`. A relative value is ignored, as it says.
 */
export function pathsOf(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  home: string = homedir(),
): Paths {
  const base = (given: string | undefined, ...usual: string[]): string =>
    join(given?.startsWith('/') ? given : join(home, ...usual), 'huskycat-tui');
  const state = base(environment.XDG_STATE_HOME, '.local', 'state');
  return {
    configuration: join(base(environment.XDG_CONFIG_HOME, '.config'), 'config.json'),
    state,
    journal: join(state, 'journal.jsonl'),
  };
}
