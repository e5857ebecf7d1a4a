import { type ConnectionOptions, checkServerIdentity, rootCertificates } from 'node:tls';

/** A server whose certificate no machine trusts by itself. */
export interface Trust {
  /** Certificates in PEM that are trusted beside the usual ones. */
  readonly certificates: string;
  /** Name or address that the server’s certificate must be for, where it is reached by another one. */
  readonly identity?: string;
}

/** Options of a TLS connection that trusts so; all else is checked as ever. */
export function trusting({ certificates, identity }: Trust): ConnectionOptions {
  return {
    ca: [...rootCertificates, certificates],
    ...(identity === undefined
      ? {}
      : { checkServerIdentity: (_host, certificate) => checkServerIdentity(identity, certificate) }),
  };
}
