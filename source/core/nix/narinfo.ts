import { fromNixBase32 } from './base32.ts';

/** What a binary cache says of one store path. */
export interface Narinfo {
  readonly storePath: string;
  readonly url: string;
  readonly compression: string;
  /** SHA-256 of the archive, 32 bytes. */
  readonly narHash: Uint8Array;
  /** Bytes. */
  readonly narSize: number;
  /** Base names of store paths, in the order they are written. */
  readonly references: readonly string[];
  /** Each `name:base64`. */
  readonly signatures: readonly string[];
  /** Content address; Nix trusts such a path whoever signed it. */
  readonly ca?: string;
}

/** A narinfo, or what is wrong with the text in one line. */
export type ParsedNarinfo = { readonly narinfo: Narinfo } | { readonly problem: string };

const storePathShape = /^\/[^\s;,]*\/[0-9a-df-np-sv-z]{32}-[A-Za-z0-9+\-._?=]+$/;
const baseNameShape = /^[0-9a-df-np-sv-z]{32}-[A-Za-z0-9+\-._?=]+$/;

/** Reads a narinfo as Nix does: what it needs must be there, what it does not know is passed over. */
export function parseNarinfo(text: string): ParsedNarinfo {
  const fields = new Map<string, string>();
  const signatures: string[] = [];
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    if (name === 'Sig') signatures.push(value);
    else if (fields.has(name)) return { problem: `${name} is written twice` };
    else if (/^[A-Za-z]+$/.test(name)) fields.set(name, value);
  }
  const storePath = fields.get('StorePath') ?? '';
  if (!storePathShape.test(storePath)) return { problem: 'no StorePath' };
  const url = fields.get('URL') ?? '';
  if (url === '') return { problem: 'no URL' };
  const narHash = parseSha256(fields.get('NarHash') ?? '');
  if (narHash === undefined) return { problem: 'no SHA-256 in NarHash' };
  const size = fields.get('NarSize') ?? '';
  const narSize = /^\d{1,15}$/.test(size) ? Number(size) : 0;
  if (narSize === 0) return { problem: 'no NarSize' };
  const references = (fields.get('References') ?? '').split(/\s+/).filter(Boolean);
  if (!references.every((one) => baseNameShape.test(one)))
    return { problem: 'a reference is no name of a store path' };
  const ca = fields.get('CA');
  return {
    narinfo: {
      storePath,
      url,
      compression: fields.get('Compression') ?? 'bzip2',
      narHash,
      narSize,
      references,
      signatures,
      ...(ca ? { ca } : {}),
    },
  };
}

/** The 32 bytes of `sha256:` in hex or Nix's base-32, or of `sha256-` in base64; undefined for anything else. */
function parseSha256(text: string): Uint8Array | undefined {
  const [, sign, digest = ''] = /^sha256([:-])(.+)$/.exec(text) ?? [];
  if (sign === '-' || digest.length === 44) {
    const bytes = Buffer.from(digest, 'base64');
    return bytes.length === 32 && bytes.toString('base64') === digest ? bytes : undefined;
  }
  if (/^[0-9a-f]{64}$/i.test(digest)) return Buffer.from(digest, 'hex');
  return fromNixBase32(digest, 32);
}
