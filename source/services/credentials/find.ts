import { viewFailure } from '../../core/datum.ts';
import { asFailure, Failure, isAbort, NeedsUser } from '../../core/failure.ts';
import type { Secret } from '../../core/secret.ts';
import type { Redactor } from '../../core/text/redact.ts';
import { plain } from '../../core/text/safe.ts';
import { type Environment, environmentToken } from './environment.ts';
import { fileToken, type ReadInput } from './file.ts';
import { glabToken } from './glab.ts';
import { glabFiles } from './glabFiles.ts';
import type { Keychain } from './keychain.ts';
import { tokenAccount, tokenService } from './stored.ts';
import type { FoundToken, TokenRefusal, TokenSearch, TokenSource } from './types.ts';

export interface TokenQuestion {
  /** Base address, as `parseServer` gives it. */
  readonly server: string;
  /** `--token-file`: a path, or `-` for standard input. */
  readonly tokenFile?: string | undefined;
  readonly readInput: ReadInput;
  readonly environment: Environment;
  readonly keychain: Keychain | { readonly off: string };
  /** The user's home folder. */
  readonly home: string;
  /** The repository's `.git`, for a glab configuration of its own. */
  readonly gitFolder?: string | undefined;
  readonly redactor: Redactor;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly signal?: AbortSignal | undefined;
}

type Answer = { readonly token: Secret } | { readonly why: string };

/**
 * Looks for a token for one server, in the order of `TokenSource`; what is found is known to the redactor. A source that fails
 * is passed over with its reason, except the file that the user named: that throws.
 */
export async function findToken(question: TokenQuestion): Promise<TokenSearch> {
  const { server, tokenFile, environment, keychain, redactor, signal } = question;
  if (tokenFile !== undefined) {
    const token = await fileToken(tokenFile, { ...question, signal });
    return { found: { token, source: 'file', server }, refusals: [] };
  }
  const sources: readonly (readonly [TokenSource, () => Answer | Promise<Answer>])[] = [
    ['environment', () => environmentToken(environment, server, redactor)],
    ['keychain', () => keychainToken(keychain, server, signal)],
    ['glab', () => glabToken({ ...question, files: glabFiles(environment, question.home, question) })],
  ];
  const refusals: TokenRefusal[] = [{ source: 'file', why: '--token-file is not given' }];
  for (const [source, ask] of sources) {
    const answer = await attempt(source, ask);
    if ('token' in answer) return { found: { token: answer.token, source, server }, refusals };
    refusals.push(answer);
  }
  return { refusals };
}

/** The token of a search. Throws `NeedsUser`: what the user can mend where a source said so, else how to sign in. */
export function tokenOrThrow({ found, refusals }: TokenSearch, server: string): FoundToken {
  if (found) return found;
  const mendable = refusals.find(({ failure }) => failure?.kind === 'needs-user')?.failure;
  if (mendable) throw new NeedsUser(mendable);
  throw new NeedsUser({
    tried: `find a token for ${plain(server)}`,
    saw: refusals.map(({ why }) => why).join('; '),
    next: [
      'Sign in: huskycat-tui login',
      'Or give a token with --token-file, or with GITLAB_TOKEN and GITLAB_HOST.',
    ],
    code: 'no-token',
  });
}

async function attempt(
  source: TokenSource,
  ask: () => Answer | Promise<Answer>,
): Promise<{ readonly token: Secret } | TokenRefusal> {
  try {
    const answer = await ask();
    return 'token' in answer ? answer : { source, why: answer.why };
  } catch (thrown) {
    if (isAbort(thrown) || !(thrown instanceof Failure)) throw thrown;
    const failure = asFailure(thrown, `ask ${source} for a token`);
    return { source, why: failure.message, failure: viewFailure(failure) };
  }
}

async function keychainToken(
  keychain: Keychain | { readonly off: string },
  server: string,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  if ('off' in keychain) return { why: `no keychain: ${keychain.off}` };
  const token = await keychain.get(tokenService, tokenAccount(server), signal);
  return token ? { token } : { why: `the keychain has no token for ${plain(server)}` };
}
