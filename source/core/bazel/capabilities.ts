import { messageOf, numbersOf, type ProtobufField, protobufFields } from './protobuf.ts';

/** What a remote cache says it can do. */
export interface Capabilities {
  readonly digestFunctions: readonly string[];
  /** True on a bazel-remote even for those who may not write. */
  readonly updateEnabled: boolean;
  readonly compressors: readonly string[];
  /** `2.0 to 2.3`. */
  readonly apiVersions: string;
}

const digests = [
  'unknown',
  'SHA256',
  'SHA1',
  'MD5',
  'VSO',
  'SHA384',
  'SHA512',
  'MURMUR3',
  'SHA256TREE',
  'BLAKE3',
];
const compressors = ['identity', 'zstd', 'deflate', 'brotli'];

/** Reads a ServerCapabilities message of the Remote Execution API v2; undefined when the bytes are no message. */
export function parseCapabilities(bytes: Uint8Array): Capabilities | undefined {
  const fields = protobufFields(bytes);
  if (!fields) return undefined;
  const cache = messageOf(fields, 1);
  const [update] = numbersOf(messageOf(cache, 2), 1);
  const low = version(messageOf(fields, 4));
  const high = version(messageOf(fields, 5));
  return {
    digestFunctions: numbersOf(cache, 1).map((one) => digests[one] ?? `${one}`),
    updateEnabled: update === 1,
    compressors: numbersOf(cache, 6).map((one) => compressors[one] ?? `${one}`),
    apiVersions: low === high ? low : `${low} to ${high}`,
  };
}

function version(message: readonly ProtobufField[]): string {
  return `${numbersOf(message, 1)[0] ?? 0}.${numbersOf(message, 2)[0] ?? 0}`;
}
