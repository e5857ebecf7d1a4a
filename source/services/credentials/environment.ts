import { isBoundTo } from '../../core/git/server.ts';
import { Secret } from '../../core/secret.ts';
import type { Redactor } from '../../core/text/redact.ts';
import { plain } from '../../core/text/safe.ts';
import { tokenOf } from './tokenText.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `GITLAB_TOKEN`, for the one server that it is meant for: that of `GITLAB_HOST` (or `GITLAB_URI`, `GL_HOST`), or
 * gitlab.com. For another server it is not given out, whatever a checkout's remotes say; gives the reason instead.
 */
export function environmentToken(
  environment: Environment,
  server: string,
  redactor: Redactor,
): { readonly token: Secret } | { readonly why: string } {
  const value = environment.GITLAB_TOKEN;
  if (!value) return { why: 'GITLAB_TOKEN is not set' };
  redactor.add(value.trim());
  const name = ['GITLAB_HOST', 'GITLAB_URI', 'GL_HOST'].find((one) => environment[one]);
  const bound = (name && environment[name]) || 'gitlab.com';
  if (!isBoundTo(bound, server)) {
    const says = name ? `${name} says` : 'without GITLAB_HOST it is';
    const place = plain(server.replace(/^https:\/\//, ''));
    return {
      why: `GITLAB_TOKEN is for another server (${says} ${hostOf(bound)}); set GITLAB_HOST=${place} if it is for this one`,
    };
  }
  return { token: new Secret(tokenOf(value, 'read GITLAB_TOKEN')) };
}

/** `ATTIC_TOKEN`, when it is set. Throws `NeedsUser` when it cannot be a token. */
export function atticToken(environment: Environment, redactor: Redactor): Secret | undefined {
  const value = environment.ATTIC_TOKEN;
  if (!value) return undefined;
  redactor.add(value.trim());
  return new Secret(tokenOf(value, 'read ATTIC_TOKEN'));
}

/** What to show of an address that a user wrote: never its user name and password. */
function hostOf(text: string): string {
  return plain(text.replace(/^([a-z]+:\/\/)?[^/]*@/i, '$1'), 200);
}
