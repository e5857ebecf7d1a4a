import { toNixBase32 } from '../../core/nix/base32.ts';
import { type Keypair, signWith } from './keypair.ts';

/** A store path as it was uploaded: all of it is what the uploader said. */
export interface StoreObject {
  readonly hash: string;
  readonly storePath: string;
  /** 64 digits of hex. */
  readonly narHash: string;
  readonly narSize: number;
  readonly compression: string;
  /** Base names, in the order of the upload. */
  readonly references: readonly string[];
  readonly deriver?: string;
  readonly ca?: string;
}

/** The narinfo of a path, signed now. */
export function narinfoOf(object: StoreObject, storeDir: string, keypair: Keypair): string {
  const lines = [
    `StorePath: ${object.storePath}`,
    `URL: nar/${object.hash}.nar`,
    `Compression: ${object.compression}`,
    `NarHash: sha256:${object.narHash}`,
    `NarSize: ${object.narSize}`,
    `References: ${object.references.join(' ')}`,
    ...(object.deriver ? [`Deriver: ${object.deriver}`] : []),
    `Sig: ${signWith(keypair, fingerprintOf(object, storeDir))}`,
    ...(object.ca ? [`CA: ${object.ca}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** The text that is signed: path, hash in Nix's base 32, size, full paths of the references. */
function fingerprintOf(object: StoreObject, storeDir: string): string {
  const hash = toNixBase32(Buffer.from(object.narHash, 'hex'));
  const references = object.references.map((name) => `${storeDir}/${name}`).join(',');
  return `1;${object.storePath};sha256:${hash};${object.narSize};${references}`;
}
