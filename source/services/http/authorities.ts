import { X509Certificate } from 'node:crypto';
import * as tls from 'node:tls';
import { NeedsUser } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { readTextFile } from '../files/read.ts';
import { usualAuthorities } from './trust.ts';

const certificate = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * Trusts the certificates of a PEM file, beside those that Node and its variables trust, in every TLS connection that this process
 * begins from now on. Throws `NeedsUser` with code `bad-ca-file`.
 */
export function trustAuthorities(path: string): void {
  const refuse = (saw: string): NeedsUser =>
    new NeedsUser({
      tried: `read the certificates of ${plain(path)}`,
      saw,
      next: ['Give a PEM file of the authorities that signed your servers’ certificates: --ca-file PATH.'],
      code: 'bad-ca-file',
    });
  let text: string;
  try {
    text = readTextFile(path);
  } catch (thrown) {
    throw refuse(plain(thrown instanceof Error ? thrown.message : String(thrown), 200));
  }
  const found = text.match(certificate) ?? [];
  if (found.length === 0) throw refuse('it holds no certificate in PEM');
  for (const [at, one] of found.entries()) {
    try {
      new X509Certificate(one);
    } catch {
      throw refuse(`certificate ${at + 1} of ${found.length} cannot be read`);
    }
  }
  // Of Node 22.19 and 24.5.
  if (typeof tls.setDefaultCACertificates !== 'function')
    throw refuse(
      `Node ${process.versions.node} takes them at its start only: NODE_EXTRA_CA_CERTS=${plain(path)}`,
    );
  tls.setDefaultCACertificates([...usualAuthorities(), ...found]);
}
