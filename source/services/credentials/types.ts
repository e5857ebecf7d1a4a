import type { FailureView } from '../../core/datum.ts';
import type { Secret } from '../../core/secret.ts';

/** Where a token may come from, in the order in which they are asked. */
export type TokenSource = 'file' | 'environment' | 'keychain' | 'glab';

/** A GitLab token, and the one server that it may be sent to. */
export interface FoundToken {
  readonly token: Secret;
  readonly source: TokenSource;
  /** Base address: `https://gitlab.com`. */
  readonly server: string;
}

/** A source that gave no token, and why not; safe to show. */
export interface TokenRefusal {
  readonly source: TokenSource;
  readonly why: string;
  /** When the user can mend it. */
  readonly failure?: FailureView;
}

/** What was found, and what the sources asked before it, or all of them, said. */
export interface TokenSearch {
  readonly found?: FoundToken;
  readonly refusals: readonly TokenRefusal[];
}
