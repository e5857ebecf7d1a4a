import { createHash } from 'node:crypto';
import { storeHash, toNixBase32 } from '../../core/nix/base32.ts';

/** What the pipelines of HuskyCat build and push; the last uses the others. */
export const builtNames = [
  'python3.12-pyyaml-6.0.2',
  'python3.12-hatchling-1.27.0',
  'huskycat-2.0.0b1',
] as const;

/** The store path of a name, the same everywhere in the sandbox. Input-addressed: only a signature vouches for the content. */
export function storePath(name: string): string {
  return `/nix/store/${hashPart(name)}-${name}`;
}

/** 160 bits: SHA-256 folded, over what Nix hashes for the output of a derivation. */
export function hashPart(name: string): string {
  const derivation = createHash('sha256').update(name).digest('hex');
  const full = createHash('sha256').update(`output:out:sha256:${derivation}:/nix/store:${name}`).digest();
  const folded = new Uint8Array(20);
  for (const [index, byte] of full.entries()) folded[index % 20] = (folded[index % 20] ?? 0) ^ byte;
  return toNixBase32(folded);
}

export type HashFault = 'length' | 'format';

/** What is wrong with the hash part of a store path; undefined when nothing is. */
export function storeHashFault(text: string): HashFault | undefined {
  if (text.length !== 32) return 'length';
  return storeHash.test(text) ? undefined : 'format';
}
