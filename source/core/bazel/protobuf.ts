/** A field of a message: its number, and a number or bytes. */
export interface ProtobufField {
  readonly field: number;
  readonly value: bigint | Uint8Array;
}

/** Reads the fields of a protobuf message; undefined when the bytes are none. */
export function protobufFields(bytes: Uint8Array): ProtobufField[] | undefined {
  const fields: ProtobufField[] = [];
  let at = 0;
  const varint = (): bigint | undefined => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) return undefined;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return undefined;
  };
  while (at < bytes.length) {
    const tag = varint();
    if (tag === undefined) return undefined;
    const field = Number(tag >> 3n);
    if (field === 0) return undefined;
    const wire = Number(tag & 7n);
    const length = wire === 2 ? varint() : wire === 1 ? 8n : wire === 5 ? 4n : undefined;
    if (wire === 0) {
      const value = varint();
      if (value === undefined) return undefined;
      fields.push({ field, value });
    } else if (length !== undefined && BigInt(at) + length <= BigInt(bytes.length)) {
      fields.push({ field, value: bytes.subarray(at, at + Number(length)) });
      at += Number(length);
    } else return undefined;
  }
  return fields;
}

/** The numbers of a repeated or single numeric field, packed or not. */
export function numbersOf(fields: readonly ProtobufField[], wanted: number): number[] {
  return fields
    .filter(({ field }) => field === wanted)
    .flatMap(({ value }) => (typeof value === 'bigint' ? [Number(value)] : packed(value)));
}

/** The first message of a field, its fields read; empty when there is none. */
export function messageOf(fields: readonly ProtobufField[], wanted: number): ProtobufField[] {
  const found = fields.find(({ field }) => field === wanted)?.value;
  return found instanceof Uint8Array ? (protobufFields(found) ?? []) : [];
}

function packed(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) {
      numbers.push(value);
      value = 0;
      scale = 1;
    }
  }
  return numbers;
}
