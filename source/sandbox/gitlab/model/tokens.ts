import { type Random, word } from './random.ts';
import type { User } from './runs.ts';

export type Scope = 'api' | 'read_api' | 'read_user' | 'read_repository';

/** A token and whose it is. */
export interface Token {
  readonly value: string;
  readonly kind: 'personal' | 'oauth';
  readonly id: number;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly user: User;
  /** In the group `tinyland`: 50 Owner, 30 Developer, 0 no member. */
  readonly access: 0 | 30 | 50;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** The tokens that the sandbox knows, by what they are good for. */
export interface Tokens {
  /** Owner, scope `api`. */
  readonly api: Token;
  /** Owner, scope `read_api`. */
  readonly readOnly: Token;
  /** Owner, scope `api`, expired yesterday. */
  readonly expired: Token;
  /** Developer, scope `api`: sees no variables. */
  readonly developer: Token;
  /** Scope `api`, member of nothing: the project does not exist. */
  readonly outsider: Token;
  /** Owner, scope `read_user` alone. */
  readonly narrow: Token;
  /** Owner, scope `api`, from OAuth: only `Authorization: Bearer`. */
  readonly oauth: Token;
}

export const owner: User = { id: 10221, username: 'jess', name: 'Jess Sullivan' };
export const developer: User = { id: 10222, username: 'robin', name: 'Robin Okafor' };
const outsider: User = { id: 20991, username: 'passer', name: 'Sam Passer' };

const day = 86_400_000;

export function createTokens(random: Random, now: number): Tokens {
  let id = 4_110_200;
  const token = (name: string, user: User, access: Token['access'], scopes: readonly Scope[]): Token => ({
    value: `glpat-${word(random, 20)}`,
    kind: 'personal',
    id: id++,
    name,
    scopes,
    user,
    access,
    createdAt: now - 40 * day,
    expiresAt: now + 120 * day,
  });
  return {
    api: token('control plane', owner, 50, ['api']),
    readOnly: token('control plane, reading', owner, 50, ['read_api']),
    expired: { ...token('of last quarter', owner, 50, ['api']), expiresAt: now - day },
    developer: token('laptop', developer, 30, ['api']),
    outsider: token('elsewhere', outsider, 0, ['api']),
    narrow: token('who am I', owner, 50, ['read_user']),
    oauth: {
      ...token('an application', owner, 50, ['api']),
      kind: 'oauth',
      value: word(random, 64, '0123456789abcdef'),
      expiresAt: now + 7_200_000,
    },
  };
}
