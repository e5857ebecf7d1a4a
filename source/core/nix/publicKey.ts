import { createPublicKey, type KeyObject } from 'node:crypto';
import { plain } from '../text/safe.ts';

/** A key that signatures of a Nix binary cache are checked with: Ed25519, written `name:base64`. */
export interface PublicKey {
  readonly name: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
  /** `name:base64`, as it is compared: two keys of one name may differ. */
  readonly text: string;
}

/** A key, or what is wrong with the text in one line. */
export type ParsedKey = { readonly key: PublicKey } | { readonly problem: string };

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Reads `name:base64`, as it stands in `trusted-public-keys`. */
export function parsePublicKey(text: string): ParsedKey {
  const value = text.trim();
  const colon = value.indexOf(':');
  if (colon < 0) return { problem: 'no colon: a key is written name:base64' };
  const name = value.slice(0, colon);
  const encoded = value.slice(colon + 1);
  if (name === '') return { problem: 'no name before the colon' };
  if (encoded === '') return { problem: 'nothing after the colon' };
  if (!/^[\x21-\x7e]+$/.test(name)) return { problem: 'the name holds spaces or characters beyond ASCII' };
  if (!base64.test(encoded)) return { problem: 'what follows the colon is not base64' };
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length === 64) return { problem: 'this is a secret key: 64 bytes, and a public key has 32' };
  if (bytes.length !== 32) return { problem: `${bytes.length} bytes, and an Ed25519 key has 32` };
  if (bytes.toString('base64') !== encoded) return { problem: 'the base64 is not padded as Nix writes it' };
  return { key: { name, bytes, text: value } };
}

/** The text of a key as it may be shown: a secret key that was put in the place of a public one is masked. */
export function showKey(text: string): string {
  const colon = text.indexOf(':');
  const name = text.slice(0, Math.max(colon, 0));
  const isLong = colon >= 0 && text.length - colon > 50;
  return isLong ? `${plain(name, 80)}:[MASKED]` : plain(text, 200);
}

/** The key as Node's cryptography takes it (RFC 8037). */
export function keyObject({ bytes }: PublicKey): KeyObject {
  const x = Buffer.from(bytes).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
