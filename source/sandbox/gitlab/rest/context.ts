import { AnswerError, json, type Request } from '../../http/answer.ts';
import type { Token } from '../model/tokens.ts';
import type { World } from '../model/world.ts';
import type { Inputs } from './inputs.ts';

/** What a route has to answer with. */
export interface Context {
  readonly world: World;
  readonly token: Token;
  /** The world's time, in milliseconds since the epoch. */
  readonly now: number;
  /** `http://127.0.0.1:PORT`. */
  readonly server: string;
  /** Query and body together. */
  readonly inputs: Inputs;
}

/** Access levels of GitLab. */
export const roles = { reporter: 20, developer: 30, maintainer: 40, owner: 50 } as const;

/** Refuses with `{"message": …}`. */
export function refuse(status: number, message: unknown): AnswerError {
  return new AnswerError(json({ message }, status));
}

export function notFound(what = ''): AnswerError {
  return refuse(404, what === '' ? '404 Not found' : `404 ${what} Not Found`);
}

/** 403 for members below a role. */
export function needRole({ token }: Context, least: number): void {
  if (token.access < least) throw refuse(403, '403 Forbidden');
}

/** Whether the token's user may give variables to a pipeline or a job. */
export function mayGiveVariables({ token, world: { variablesRole } }: Context): boolean {
  return variablesRole !== 'no_one_allowed' && token.access >= roles[variablesRole];
}

/** The token of a request. Throws GitLab's 401. */
export function authenticate(request: Request, world: World, now: number): Token {
  const { headers, query } = request;
  const privateToken = headers['private-token'] ?? query.get('private_token') ?? undefined;
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? query.get('access_token');
  const given = typeof privateToken === 'string' ? privateToken : bearer;
  const token = Object.values(world.tokens).find(({ value }) => value === given) as Token | undefined;
  if (!token || (token.kind === 'oauth' && typeof privateToken === 'string'))
    throw refuse(401, '401 Unauthorized');
  if (token.expiresAt <= now) {
    const error_description = 'Token is expired. You can either do re-authorization or token refresh.';
    throw new AnswerError(
      json({ error: 'invalid_token', error_description }, 401, {
        'WWW-Authenticate': `Bearer realm="Protected by OAuth 2.0", error="invalid_token", error_description="${error_description}"`,
      }),
    );
  }
  return token;
}

/** Throws GitLab's 403 when the token has none of the scopes. */
export function needScope(token: Token, allowed: readonly string[]): void {
  if (token.scopes.some((scope) => allowed.includes(scope))) return;
  throw new AnswerError(
    json(
      {
        error: 'insufficient_scope',
        error_description: 'The request requires higher privileges than provided by the access token.',
        scope: allowed.join(' '),
      },
      403,
    ),
  );
}
