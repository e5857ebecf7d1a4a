import type { ConnectionOptions } from 'node:tls';
import * as tls from 'node:tls';

/** A server whose certificate no machine trusts by itself. */
export interface Trust {
  /** Certificates in PEM that are trusted beside the usual ones. */
  readonly certificates: string;
  /** Name or address that the server’s certificate must be for, where it is reached by another one. */
  readonly identity?: string;
}

/** Certificates in PEM that TLS connections trust by themselves. */
export function usualAuthorities(): readonly string[] {
  // Of Node 22.15 and 23.10; without it those of the system and of NODE_EXTRA_CA_CERTS are not known.
  return typeof tls.getCACertificates === 'function'
    ? tls.getCACertificates('default')
    : tls.rootCertificates;
}

/** Options of a TLS connection that trusts so; all else is checked as ever. */
export function trusting({ certificates, identity }: Trust): ConnectionOptions {
  return {
    ca: [...usualAuthorities(), certificates],
    ...(identity === undefined
      ? {}
      : { checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(identity, certificate) }),
  };
}
