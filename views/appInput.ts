import type { Secret } from '../source/core/secret.ts';
import type { Monitor } from '../source/monitor/snapshot.ts';
import type { Keeping } from '../source/services/credentials/stored.ts';
import type { Workspace } from '../source/services/workspace.ts';
import type { Questions } from './state/ask.ts';
import type { ThemeOptions } from './theme.ts';

export interface AppOptions extends ThemeOptions {
  /** Opens an address in the user's browser; rejects with a `Failure` when it cannot. */
  readonly openUrl?: (url: string) => Promise<void>;
  /** Keeps a secret that was typed in out of everything that is shown and written. */
  readonly hide?: (value: string) => void;
  /** Takes a GitLab token that the user gave; rejects with a `Failure` when it is no good. */
  readonly onToken?: (token: Secret) => Promise<Keeping>;
}

/** What the screen shows, and how. */
export interface Watched {
  readonly monitor: Monitor;
  readonly workspace: Workspace;
  readonly options?: AppOptions;
}

export interface AppInput extends Watched {
  readonly version: string;
  /** Opens what is shown once the screen is there and answers keys; its rejection ends the screen. */
  readonly open?: () => Promise<Watched>;
  /** Made before, where services may ask before the screen is there. */
  readonly questions?: Questions;
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout?: NodeJS.WriteStream;
  readonly stderr?: NodeJS.WritableStream;
}
