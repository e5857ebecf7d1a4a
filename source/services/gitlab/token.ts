import { Failure, NeedsUser } from '../../core/failure.ts';
import type { TokenInfo } from '../../core/gitlab/model.ts';
import { known } from '../../core/known.ts';
import type { Client } from './client.ts';
import type { CallRoute } from './gitbeaker.ts';
import { shaped } from './json.ts';
import { oauthToken, ownJob, ownToken, userSchema } from './shapes/token.ts';

interface Parts {
  readonly server: string;
  readonly client: Client;
  readonly route: CallRoute;
}

/**
 * What the token is and may do: a personal, project or group token tells of itself; an OAuth token is asked about at
 * `/oauth/token/info`; a fine-grained one may be valid and yet refuse every question.
 */
export async function readToken(parts: Parts, signal: AbortSignal | undefined): Promise<TokenInfo> {
  const { server, client, route } = parts;
  if (client.tokenKind === undefined)
    throw new NeedsUser({
      tried: `look at the token for ${server}`,
      saw: 'no token is set',
      next: ['Give a token with the scope read_api: huskycat-tui login.'],
      code: 'no-token',
    });
  if (client.tokenKind === 'job') return jobToken(parts, signal);
  try {
    const json = await route(({ tokens }) => tokens.show(), { signal });
    const { name, scopes, expires_at } = shaped(ownToken, json, 'GET personal_access_tokens/self');
    const isFineGrained = scopes?.includes('granular') ?? false;
    return known({
      kind: isFineGrained ? ('fine-grained' as const) : ('personal' as const),
      name,
      scopes: isFineGrained ? undefined : scopes,
      expiresAt: expires_at,
      user: await userOf(parts, signal),
    });
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    if (thrown.status === 403 && thrown.saw.includes('insufficient_granular_scope'))
      return { kind: 'fine-grained' };
    // Other kinds of token, and servers older than the route.
    if (thrown.status === 400 || thrown.status === 404) return oauth(parts, signal);
    throw thrown;
  }
}

async function oauth({ server, client, route }: Parts, signal: AbortSignal | undefined): Promise<TokenInfo> {
  const url = `${server}/oauth/token/info`;
  try {
    const { json } = await client.json({ method: 'GET', url }, { signal });
    const { scope, expires_in } = shaped(oauthToken, json, `GET ${url}`);
    const left = expires_in ?? undefined;
    return known({
      kind: 'oauth' as const,
      scopes: scope,
      expiresAt: left === undefined ? undefined : new Date(client.serverNow() + left * 1000).toISOString(),
      user: await userOf({ server, client, route }, signal),
    });
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.kind === 'unavailable') throw thrown;
    const json = await route(({ users }) => users.showCurrentUser(), { signal });
    return { kind: 'unknown', user: shaped(userSchema, json, 'GET user').username };
  }
}

async function jobToken({ server, client }: Parts, signal: AbortSignal | undefined): Promise<TokenInfo> {
  const url = `${server}/api/v4/job`;
  const { json } = await client.json({ method: 'GET', url }, { signal });
  const job = shaped(ownJob, json, `GET ${url}`);
  return known({ kind: 'job' as const, name: job.name, user: job.user?.username });
}

/** Not every scope may see the user: then he is not named. */
async function userOf({ route }: Parts, signal: AbortSignal | undefined): Promise<string | undefined> {
  try {
    return shaped(userSchema, await route(({ users }) => users.showCurrentUser(), { signal }), 'GET user')
      .username;
  } catch (thrown) {
    if (thrown instanceof Failure && (thrown.status === 403 || thrown.status === 404)) return undefined;
    throw thrown;
  }
}
