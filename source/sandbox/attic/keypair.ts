import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** The ed25519 keypair that signs a cache's paths; its name need not be the cache's. */
export interface Keypair {
  readonly name: string;
  readonly privateKey: KeyObject;
  /** `main:<44 letters of base64>`. */
  readonly publicKey: string;
}

export function generateKeypair(name: string): Keypair {
  const { privateKey } = generateKeyPairSync('ed25519');
  return withPublicKey(name, privateKey);
}

/** Reads `name:<base64 of seed and public key>`; the answer of a broken one says what is wrong, in Attic's words. */
export function parseKeypair(text: string): Keypair | { readonly fault: string } {
  const colon = text.indexOf(':');
  if (colon < 0) return { fault: 'Signing error: Colon not found' };
  const bytes = Buffer.from(text.slice(colon + 1), 'base64');
  if (bytes.length !== 64)
    return {
      fault: `Signing error: Invalid base64 payload length: Expected 64 (keypair), got ${bytes.length}`,
    };
  const jwk = {
    kty: 'OKP',
    crv: 'Ed25519',
    d: bytes.subarray(0, 32).toString('base64url'),
    x: bytes.subarray(32).toString('base64url'),
  };
  return withPublicKey(text.slice(0, colon), createPrivateKey({ key: jwk, format: 'jwk' }));
}

/** A signature as it stands in a narinfo: `main:<88 letters of base64>`. */
export function signWith({ name, privateKey }: Keypair, fingerprint: string): string {
  return `${name}:${sign(null, Buffer.from(fingerprint), privateKey).toString('base64')}`;
}

function withPublicKey(name: string, privateKey: KeyObject): Keypair {
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { name, privateKey, publicKey: `${name}:${Buffer.from(x, 'base64url').toString('base64')}` };
}
