import type { ProtobufField } from '../../core/bazel/protobuf.ts';

/** A message from its fields; those that are 0 or empty are left out, as proto3 does. */
export function writeFields(fields: readonly ProtobufField[]): Buffer {
  return Buffer.concat(
    fields.flatMap(({ field, value }) => {
      if (typeof value === 'bigint')
        return value === 0n ? [] : [varintOf(field * 8), varintOf(Number(value))];
      return [varintOf(field * 8 + 2), varintOf(value.length), value];
    }),
  );
}

export function bytesOf(fields: readonly ProtobufField[], number: number): Uint8Array | undefined {
  const value = fields.findLast((one) => one.field === number)?.value;
  return typeof value === 'bigint' ? undefined : value;
}

export function numberOf(fields: readonly ProtobufField[], number: number): number {
  const value = fields.findLast((one) => one.field === number)?.value;
  return typeof value === 'bigint' ? Number(value) : 0;
}

function varintOf(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
}
