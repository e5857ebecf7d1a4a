import { Bug } from '../../core/failure.ts';

/** A message with its prefix: a byte for compression and the length in four. */
export function encodeMessage(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** The one message of a unary answer. */
export function decodeMessage(body: Buffer, tried: string): Uint8Array {
  const isWhole = body.length >= 5 && body.readUInt32BE(1) === body.length - 5;
  if (isWhole && body[0] === 0) return body.subarray(5);
  throw new Bug({
    tried,
    saw: isWhole ? 'a compressed message' : `${body.length} bytes that are not one message`,
    next: ['Check the address: a proxy may change what passes.'],
    code: 'unexpected-shape',
  });
}
