import * as z from 'zod';
import { NeedsUser } from '../../core/failure.ts';
import { Secret } from '../../core/secret.ts';
import { answerText, parseJson, passingFailure } from '../http/answerText.ts';
import type { Transport } from '../http/types.ts';

export interface Login {
  readonly username: string;
  readonly password: Secret;
}

/** What a registry asks for with 401 (https://distribution.github.io/distribution/spec/auth/token/). */
export interface Challenge {
  readonly scheme: 'bearer' | 'basic';
  readonly parameters: Readonly<Record<string, string>>;
}

/** Reads `WWW-Authenticate`; undefined for schemes that are not known. */
export function parseChallenge(header: string | null): Challenge | undefined {
  const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/s.exec((header ?? '').slice(0, 4_000)) ?? [];
  const known = scheme.toLowerCase();
  if (known !== 'bearer' && known !== 'basic') return undefined;
  const pairs = [...rest.matchAll(/([A-Za-z_]+)="([^"]*)"/g)];
  return { scheme: known, parameters: Object.fromEntries(pairs.map(([, key, value]) => [key, value])) };
}

const tokenShape = z.union([
  z.object({ token: z.string().min(1) }).transform(({ token }) => token),
  z.object({ access_token: z.string().min(1) }).transform(({ access_token }) => access_token),
]);

export interface TokenQuery {
  readonly challenge: Challenge;
  /** Of the registry. */
  readonly origin: string;
  readonly repository: string;
  readonly login: Login | undefined;
  readonly transport: Transport;
  readonly signal: AbortSignal | undefined;
}

/** The value of the Authorization header that the challenge asks for. A login only goes to the registry's own domain. */
export async function answerChallenge(query: TokenQuery): Promise<Secret> {
  const { challenge, origin, repository, login, transport, signal } = query;
  const basic = login && basicOf(login);
  if (challenge.scheme === 'basic') {
    if (basic) return basic;
    throw loginWanted(`GET ${origin}/v2/`, '401: it wants a login');
  }
  const realm = realmOf(challenge, origin);
  realm.searchParams.set('scope', challenge.parameters.scope ?? `repository:${repository}:pull`);
  if (challenge.parameters.service) realm.searchParams.set('service', challenge.parameters.service);
  const tried = `GET ${realm.origin}${realm.pathname}`;
  const isOwn = isSameDomain(realm.hostname, new URL(origin).hostname);
  const answer = await transport.read({
    url: realm.href,
    headers: basic && isOwn ? { authorization: basic.reveal() } : {},
    maxBytes: 256 * 1024,
    ...(signal ? { signal } : {}),
  });
  const said = answerText(answer);
  const passing = passingFailure(answer, tried, `${answer.status}`);
  if (passing) throw passing;
  if (answer.status !== 200) throw loginWanted(tried, said.saw);
  const token = tokenShape.safeParse(parseJson(said.text));
  if (token.success) return new Secret(`Bearer ${token.data}`);
  throw new NeedsUser({
    tried,
    saw: said.isHtml ? said.saw : 'an answer without a token',
    next: ['Check the address of the registry: a proxy may answer in its place.'],
    code: 'not-a-registry',
  });
}

/** A realm in the clear would give the login away; one on this machine is a test's or a developer's. */
function realmOf({ parameters }: Challenge, origin: string): URL {
  const { realm = '' } = parameters;
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  if (url && (url.protocol === 'https:' || (url.protocol === 'http:' && origin.startsWith('http:'))))
    return url;
  throw new NeedsUser({
    tried: `GET ${origin}/v2/`,
    saw: '401 with a realm that is no https address',
    next: ['Check the address of the registry, and its token service.'],
    code: 'bad-realm',
  });
}

/** The same host, one above the other, or both below one domain: `auth.docker.io` for `registry-1.docker.io`. */
function isSameDomain(realm: string, registry: string): boolean {
  if (realm === registry || registry.endsWith(`.${realm}`) || realm.endsWith(`.${registry}`)) return true;
  const parent = (host: string) => host.slice(host.indexOf('.') + 1);
  return /[a-z]/i.test(realm) && parent(realm).includes('.') && parent(realm) === parent(registry);
}

function basicOf({ username, password }: Login): Secret {
  return new Secret(`Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`);
}

function loginWanted(tried: string, saw: string): NeedsUser {
  return new NeedsUser({
    tried,
    saw,
    next: ['Give a login that may read this repository, or check its name: registries hide both alike.'],
    code: 'login-wanted',
  });
}
