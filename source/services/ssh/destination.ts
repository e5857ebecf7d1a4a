import { NeedsUser } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';

/**
 * Refuses a destination, or a user name, that a program or a shell would read as something else: as OpenSSH itself does
 * since 9.6 (ssh.c, valid_hostname and valid_ruser), because a proxy command is given both.
 */
export function checkDestination(destination: string, user?: string): void {
  const address = destination.replace(/^ssh:\/\//, '');
  const at = address.lastIndexOf('@');
  const host = address.slice(at + 1);
  if (host === '' || host.startsWith('-') || /[\s\p{Cc}'`"$\\;&<>|(){}]/u.test(host))
    throw refuse('destination', destination);
  for (const name of [at < 0 ? undefined : address.slice(0, at), user])
    if (name !== undefined && (name === '' || /^-|[\s\p{Cc}'`";&<>|(){}]|\\$/u.test(name)))
      throw refuse('user name', name);
}

function refuse(what: string, given: string): NeedsUser {
  return new NeedsUser({
    tried: `connect to ${plain(given, 200)}`,
    saw: `this is no ${what}: it is empty, starts with a dash, or holds spaces, control or shell characters`,
    next: ['Give a host as ssh takes it: honey, ops@10.0.0.1, or a Host of ~/.ssh/config.'],
    code: 'bad-destination',
  });
}
