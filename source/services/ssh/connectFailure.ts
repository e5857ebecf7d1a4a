import { type Failure, NeedsUser, Unavailable } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import type { Target } from './configuration.ts';

/** Words, code and next step of a connection that did not come about, by the system's error code. */
const known: Readonly<Record<string, { code: string; saw: string; next: string }>> = {
  ENOTFOUND: {
    code: 'dns',
    saw: 'no such host name',
    next: 'Check the name, or whether its VPN or DNS is up (tailscale status).',
  },
  EAI_AGAIN: {
    code: 'dns',
    saw: 'the name server does not answer',
    next: 'Check the network and its DNS, then try again.',
  },
  ECONNREFUSED: {
    code: 'refused',
    saw: 'connection refused: nothing listens there',
    next: 'Check that sshd runs on the host, and the port.',
  },
  ETIMEDOUT: {
    code: 'timeout',
    saw: 'no answer',
    next: 'Check that the host is up and no firewall drops the connection.',
  },
  EHOSTUNREACH: {
    code: 'unreachable',
    saw: 'no route to the host',
    next: 'Check the network or VPN to the host (tailscale status).',
  },
  ENETUNREACH: {
    code: 'unreachable',
    saw: 'no route to the network',
    next: 'Check the network or VPN to the host (tailscale status).',
  },
  EACCES: {
    code: 'permission',
    saw: 'this machine does not permit the connection',
    next: 'Check its firewall, or the sandbox that this runs in.',
  },
  EPERM: {
    code: 'permission',
    saw: 'this machine does not permit the connection',
    next: 'Check its firewall, or the sandbox that this runs in.',
  },
  ECONNRESET: {
    code: 'connection-lost',
    saw: 'the connection was reset',
    next: 'Try again; look at the log of sshd if it stays.',
  },
};

/** Why connecting failed. `proxySaid` is what the jump's ssh or the proxy command wrote on standard error. */
export function connectFailure(target: Target, error: unknown, proxySaid: string | undefined): Failure {
  const tried = `connect to ${addressOf(target)}`;
  const message = error instanceof Error ? error.message : String(error);
  if (proxySaid !== undefined) {
    const by = target.proxyJump.length > 0 ? `ProxyJump ${target.proxyJump.join(',')}` : 'ProxyCommand';
    return new Unavailable({
      tried,
      saw: `${plain(by, 200)} gave no connection: ${plain(proxySaid.trim(), 600) || plain(message, 300)}`,
      next: [
        `See what ssh itself says: ${target.byHand} -v`,
        'The jump host is asked without questions: accept its key and unlock its key in ssh first.',
      ],
      code: 'proxy-failed',
      cause: error,
    });
  }
  const code = errorCode(error);
  const words = code === undefined ? undefined : known[code];
  if (words)
    return new Unavailable({ tried, saw: words.saw, next: [words.next], code: words.code, cause: error });
  if (/no matching/i.test(message))
    return new NeedsUser({
      tried,
      saw: `no common algorithm: ${plain(message, 300)}`,
      next: ['Update the SSH server; ssh -vv shows what it offers.'],
      code: 'no-common-algorithm',
      cause: error,
    });
  return new Unavailable({
    tried,
    saw: plain(message, 400),
    next: [`See what ssh itself says: ${target.byHand} -v`],
    code: 'connection-lost',
    cause: error,
  });
}

export function connectTimeout(target: Target, what: string, milliseconds: number): Unavailable {
  return new Unavailable({
    tried: `connect to ${addressOf(target)}`,
    saw: `${what} after ${Math.round(milliseconds / 1000)} s`,
    next: ['Check that the host is up and no firewall drops the connection.'],
    code: 'timeout',
  });
}

/** `user@host:port`. */
export function addressOf({ user, hostName, port }: Target): string {
  return `${user}@${hostName.includes(':') ? `[${hostName}]` : hostName}:${port}`;
}

function errorCode(error: unknown): string | undefined {
  if (error instanceof AggregateError) return errorCode(error.errors[0]);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
