import { type Failure, NeedsUser, Unavailable } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';

const authority =
  'Give the authority that signed it: --ca-file /path/to/ca.pem, or NODE_EXTRA_CA_CERTS=/path/to/ca.pem.';

/** Certificate errors of OpenSSL as Node names them, with what they mean. */
const certificates: Readonly<Record<string, readonly [saw: string, next: string]>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: ['the certificate is self-signed', authority],
  SELF_SIGNED_CERT_IN_CHAIN: ['the chain ends in a self-signed certificate', authority],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['the certificate is of an unknown authority', authority],
  UNABLE_TO_GET_ISSUER_CERT: ['the certificate is of an unknown authority', authority],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['the certificate is of an unknown authority', authority],
  CERT_HAS_EXPIRED: ['the certificate has expired', 'Renew the server’s certificate.'],
  CERT_NOT_YET_VALID: ['the certificate is not valid yet', 'Check this machine’s clock (date).'],
  CERT_REVOKED: ['the certificate was revoked', 'Renew the server’s certificate.'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'the certificate is for another host',
    'Use the host name that the certificate names, or renew it with this one.',
  ],
};

/** What each system error of a connection means: the code of the failure, and what to do. */
const connections: Readonly<Record<string, readonly [code: string, next: string]>> = {
  ENOTFOUND: ['dns', 'Check the host name, the network and the VPN.'],
  EAI_AGAIN: ['dns', 'Name lookup does not answer: check the network and the VPN.'],
  ECONNREFUSED: ['refused', 'Nothing listens there: check the host and port, and that the service runs.'],
  EHOSTUNREACH: ['unreachable', 'Check the network and the VPN.'],
  ENETUNREACH: ['unreachable', 'Check the network and the VPN.'],
  EADDRNOTAVAIL: ['unreachable', 'Check the address, the network and the VPN.'],
  EACCES: ['unreachable', 'A local firewall does not let this program connect.'],
  EPERM: ['unreachable', 'A local firewall does not let this program connect.'],
  ETIMEDOUT: ['timeout', 'Check the network and the VPN; a firewall may drop the packets.'],
  ERR_SOCKET_CONNECTION_TIMEOUT: [
    'timeout',
    'Check the network and the VPN; a firewall may drop the packets.',
  ],
  ECONNRESET: ['reset', 'Try again; a proxy between may cut connections.'],
  ECONNABORTED: ['reset', 'Try again; a proxy between may cut connections.'],
  EPIPE: ['reset', 'Try again; a proxy between may cut connections.'],
};

const unclear = 'It may have been done all the same: look before you send it again.';

interface Attempt {
  /** `GET https://host/path`, safe to show. */
  readonly tried: string;
  readonly isWrite: boolean;
}

/** The failure for what Node's client threw. Keeps no cause: it may quote a header. */
export function connectionFailure(thrown: unknown, attempt: Attempt): Failure {
  const { code, message } = rootOf(thrown);
  const certificate = certificates[code];
  if (certificate) return unavailable(attempt, 'tls', certificate[0], certificate[1]);
  if (/WRONG_VERSION_NUMBER|wrong version number|PACKET_LENGTH_TOO_LONG/i.test(`${code} ${message}`))
    return unavailable(
      attempt,
      'tls',
      'the server does not speak TLS there',
      'Use http://, or the port of https.',
    );
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_'))
    return unavailable(attempt, 'tls', `TLS failed: ${code}`, 'Check the server’s TLS set-up and the port.');
  const [known, next] = connections[code] ?? [];
  if (known !== undefined && next !== undefined)
    return unavailable(attempt, known, plain(message, 200), next);
  return unavailable(
    attempt,
    'garbled',
    `what came is not HTTP as it should be (${code || 'no code'})`,
    'Check the host and port: another service may listen there.',
  );
}

export function timeoutFailure(attempt: Attempt, milliseconds: number, got: number | undefined): Failure {
  const seconds = `${milliseconds / 1000} s`;
  const saw =
    got === undefined
      ? `no answer within ${seconds}`
      : `the answer was not whole within ${seconds} (${got} bytes came)`;
  return unavailable(
    attempt,
    'timeout',
    saw,
    'The server is slow or stuck, or the network drops packets: try again later.',
  );
}

export function tooLargeFailure(attempt: Attempt, limit: number): Failure {
  return unavailable(
    attempt,
    'too-large',
    `the answer is longer than ${limit} bytes`,
    'Check that the address is the right one.',
  );
}

export function redirectFailure(attempt: Attempt, saw: string): Failure {
  return unavailable(attempt, 'redirect', saw, 'Set the address that the server really answers at.');
}

/** For what cannot be sent at all: an address or a header with characters that have no place in it. */
export function unsendable(tried: string, saw: string, next: string): NeedsUser {
  return new NeedsUser({ tried, saw, next: [next], code: 'bad-request' });
}

/** An aborted call ends with this, whatever reason the caller gave. */
export function abortError(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error && reason.name === 'AbortError'
    ? reason
    : new DOMException('This operation was aborted', 'AbortError');
}

function unavailable({ tried, isWrite }: Attempt, code: string, saw: string, next: string): Unavailable {
  const isUnclear =
    isWrite && (code === 'timeout' || code === 'reset' || code === 'too-large' || code === 'garbled');
  return new Unavailable({ tried, saw, next: isUnclear ? [unclear, next] : [next], code });
}

/** The system's error may be wrapped in causes, and those of several addresses in one more. */
function rootOf(thrown: unknown): { code: string; message: string } {
  let found = { code: '', message: '' };
  let next = thrown;
  for (let depth = 0; depth < 8 && next instanceof Error; depth++) {
    const code = 'code' in next && typeof next.code === 'string' ? next.code : '';
    const message = next.message || code;
    found = code || depth === 0 || !found.code ? { code: code || found.code, message } : found;
    next = next instanceof AggregateError ? next.errors[0] : next.cause;
  }
  return found;
}
