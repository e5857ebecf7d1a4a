import { NeedsUser } from '../core/failure.ts';
import type { TokenInfo } from '../core/gitlab/model.ts';
import type { Secret } from '../core/secret.ts';
import { createRedactor } from '../core/text/redact.ts';
import { createActivity } from '../services/activity.ts';
import { pathsOf } from '../services/config/paths.ts';
import { type Keychain, openKeychain } from '../services/credentials/keychain.ts';
import { removingToken, storingToken } from '../services/credentials/stored.ts';
import { createGate, type Gate } from '../services/gate.ts';
import { connectGitLab } from '../services/gitlab/connect.ts';
import { trustAuthorities } from '../services/http/authorities.ts';
import { createTransport } from '../services/http/transport.ts';
import { openJournal } from '../services/journal.ts';
import type { CommonFlags } from './flags.ts';
import { findTarget } from './target.ts';

/** Signing in to one server, and out of it: the token is kept in the keychain, through the gate. */
export interface Login {
  /** `https://gitlab.com`. */
  readonly server: string;
  /** Asks GitLab whose token it is, then keeps it. Throws what GitLab or the keychain says against it. */
  signIn(token: Secret): Promise<TokenInfo>;
  /** True when there was a token. */
  signOut(): Promise<boolean>;
}

/** Opens the login of the server that flags, environment, configuration or checkout name; gitlab.com without one. */
export async function openLogin(
  flags: CommonFlags,
  version: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Login> {
  const paths = pathsOf(environment);
  const { options } = await findTarget({ flags, environment, paths });
  const server = options.host?.value ?? 'https://gitlab.com';
  if (options.caFile) trustAuthorities(options.caFile.value);
  const redactor = createRedactor();
  const { redact } = redactor;
  const now = (): number => Date.now();
  const activity = createActivity({ now, redact });
  const journal = openJournal(paths.journal);
  const gate = createGate({ journal, activity, redact, now, readOnly: false, run: `login-${now()}` });
  const keychain = openKeychain({ environment, redactor });
  return {
    server,
    async signIn(token) {
      redactor.add(token.reveal());
      const transport = createTransport({ activity, redact, userAgent: `huskycat-tui/${version}` });
      const hide = (value: string): void => redactor.add(value);
      const projectPath = options.project?.value ?? '';
      const gitlab = connectGitLab({ server, projectPath, token, transport, redact, hide, now });
      const info = await gitlab.token();
      await armed(gate).perform(storingToken(usable(keychain), server, token));
      return info;
    },
    signOut: () => armed(gate).perform(removingToken(usable(keychain), server)),
  };
}

/** The user asked for this one write on the command line. */
function armed(gate: Gate): Gate {
  gate.arm(60_000);
  return gate;
}

function usable(keychain: Keychain | { readonly off: string }): Keychain {
  if (!('off' in keychain)) return keychain;
  throw new NeedsUser({
    tried: 'keep the token in the keychain',
    saw: keychain.off,
    next: ['Give the token at each start: --token-file FILE, or GITLAB_TOKEN with GITLAB_HOST.'],
    code: 'no-keychain',
  });
}
