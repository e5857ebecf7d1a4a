import type { Secret } from '../../core/secret.ts';
import { plain } from '../../core/text/safe.ts';
import type { Write } from '../gate.ts';
import type { Keychain } from './keychain.ts';

/** The name of the program's entries in the keychain. */
export const tokenService = 'huskycat-tui';

/** The account of an entry: the base address of the one server that its token is for. */
export function tokenAccount(server: string): string {
  return server;
}

/** How a token that was just given can be kept for the next start, or why it cannot. */
export type Keeping = { readonly server: string; readonly write: Write<void> } | { readonly off: string };

/** How to keep a token for a server in the keychain. */
export function keeping(
  keychain: Keychain | { readonly off: string },
  server: string,
  token: Secret,
): Keeping {
  return 'off' in keychain
    ? keychain
    : { server: plain(server), write: storingToken(keychain, server, token) };
}

/** The write that keeps a token for a server in the keychain. */
export function storingToken(keychain: Keychain, server: string, token: Secret): Write<void> {
  const shown = plain(server);
  return {
    title: `Keep the token for ${shown} in the keychain`,
    effect: 'local',
    target: `keychain entry ${tokenService}, ${shown}`,
    detail: 'The token, in place of one that is there.',
    undo: { text: 'Take it out of the keychain.', command: 'huskycat-tui logout' },
    perform: (grant, signal) => keychain.set(grant, tokenService, tokenAccount(server), token, signal),
  };
}

/** The write that removes the token for a server from the keychain; it gives whether there was one. */
export function removingToken(keychain: Keychain, server: string): Write<boolean> {
  const shown = plain(server);
  return {
    title: `Remove the token for ${shown} from the keychain`,
    effect: 'local',
    target: `keychain entry ${tokenService}, ${shown}`,
    detail: 'The entry is removed; the token stays valid at GitLab until it expires or is revoked there.',
    undo: { text: 'Sign in again.', command: 'huskycat-tui login' },
    perform: (grant, signal) => keychain.remove(grant, tokenService, tokenAccount(server), signal),
    result: (removed) => (removed ? 'removed' : 'there was none'),
  };
}
