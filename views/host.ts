import { createContext, useContext } from 'react';
import type { Monitor } from '../source/monitor/snapshot.ts';
import type { Workspace } from '../source/services/workspace.ts';
import type { Keyboard } from './keys/keyboard.ts';
import type { Ask } from './state/ask.ts';
import type { Clock } from './state/clock.ts';
import type { UiStore } from './state/ui.ts';
import type { Tone } from './text/line.ts';
import type { Theme } from './theme.ts';

/** What the whole screen shares; another one once it has started, and never changes after. */
export interface Host {
  readonly monitor: Monitor;
  readonly workspace: Workspace;
  readonly version: string;
  /** What is looked at is still being opened: everything is loading, and nothing can be done outside. */
  readonly isStarting: boolean;
  readonly theme: Theme;
  readonly ui: UiStore;
  readonly keyboard: Keyboard;
  readonly clock: Clock;
  /** The list that keys move now; Esc clears its filter before it goes back. */
  readonly focusedList: { current: string | undefined };
  readonly ask: Ask;
  /** Puts text on the user's clipboard (OSC 52) and says so. */
  readonly copy: (text: string, what: string) => void;
  /** Opens an address in the browser, or says why that is not possible. */
  readonly browse: (url: string | undefined) => void;
  /** Says something in one line at the bottom. */
  readonly notify: (text: string, tone?: Tone) => void;
  /** Hands the terminal to `run`, and draws everything again after it. */
  readonly suspend: (run: () => Promise<void>) => Promise<void>;
  /** Stops the program as the shell's Ctrl-Z does; absent where the system cannot. */
  readonly stop: (() => void) | undefined;
  /** Draws every cell again. */
  readonly redraw: () => void;
  /** Asks for a GitLab token; absent where nothing would take it. */
  readonly signIn: (() => Promise<void>) | undefined;
  /** Keeps a secret that was typed in out of everything that is shown and written. */
  readonly hide: (value: string) => void;
  readonly leave: (status?: number) => void;
}

export const HostContext = createContext<Host | undefined>(undefined);

export function useHost(): Host {
  const host = useContext(HostContext);
  if (!host) throw new Error('outside of the screen');
  return host;
}
