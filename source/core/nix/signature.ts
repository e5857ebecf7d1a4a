import { verify } from 'node:crypto';
import { toNixBase32 } from './base32.ts';
import type { Narinfo } from './narinfo.ts';
import { keyObject, type PublicKey } from './publicKey.ts';

/** What a key says of a narinfo. */
export interface Verification {
  /** As Nix checks it: with the references sorted and each once. */
  readonly verified: boolean;
  /** One line: why not, or what to know although it is verified. */
  readonly because?: string;
}

/** The text that a binary cache signs for a store path, with the references in the order given. */
export function fingerprint(narinfo: Narinfo, references: readonly string[] = narinfo.references): string {
  const { storePath, narHash, narSize } = narinfo;
  const store = storePath.slice(0, storePath.lastIndexOf('/'));
  const paths = references.map((reference) => `${store}/${reference}`).join(',');
  return `1;${storePath};sha256:${toNixBase32(narHash)};${narSize};${paths}`;
}

/** The references as Nix holds them: sorted by bytes, each once. */
export function sortedReferences(references: readonly string[]): string[] {
  return [...new Set(references)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Checks the signatures of a narinfo against one key. Only a signature of the key's own name counts. */
export function verifyNarinfo(narinfo: Narinfo, key: PublicKey): Verification {
  const own = narinfo.signatures.filter((one) => one.startsWith(`${key.name}:`));
  if (own.length === 0) return { verified: false, because: unsigned(narinfo, key) };
  const sorted = sortedReferences(narinfo.references);
  if (own.some((one) => isSignedBy(one, fingerprint(narinfo, sorted), key)))
    return narinfo.ca === undefined
      ? { verified: true }
      : { verified: true, because: 'content-addressed: nix would take it with any key' };
  if (own.some((one) => isSignedBy(one, fingerprint(narinfo), key)))
    return {
      verified: false,
      because:
        'the signature is over references that are not sorted or not unique: nix sorts them and does not trust it',
    };
  return { verified: false, because: `the signature of ${key.name} is not of this key` };
}

function unsigned({ signatures }: Narinfo, key: PublicKey): string {
  if (signatures.length === 0) return 'it is not signed';
  const names = signatures.map((one) => one.slice(0, Math.max(one.indexOf(':'), 0)) || 'nobody');
  return `signed by ${names.join(', ')}, not by ${key.name}`;
}

function isSignedBy(signature: string, text: string, key: PublicKey): boolean {
  const bytes = Buffer.from(signature.slice(key.name.length + 1), 'base64');
  return bytes.length === 64 && verify(null, Buffer.from(text), keyObject(key), bytes);
}
