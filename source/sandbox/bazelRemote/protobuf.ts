/** A field of a message: a number (varint or fixed, as far as it is exact) or bytes. */
export interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/** Splits a message into its fields, in order; undefined when it is not in the wire format. */
export function readFields(bytes: Uint8Array): readonly Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number | undefined => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) return undefined;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return undefined;
  };
  while (at < bytes.length) {
    const key = varint();
    if (key === undefined || key < 8) return undefined;
    const number = Math.floor(key / 8);
    const wire = key % 8;
    if (wire === 0) {
      const value = varint();
      if (value === undefined) return undefined;
      fields.push({ number, value });
      continue;
    }
    const length = wire === 1 ? 8 : wire === 5 ? 4 : wire === 2 ? varint() : undefined;
    if (length === undefined || at + length > bytes.length) return undefined;
    fields.push({ number, value: bytes.subarray(at, at + length) });
    at += length;
  }
  return fields;
}

/** A message from its fields; those that are 0 or empty are left out, as proto3 does. */
export function writeFields(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(({ number, value }) => {
      if (typeof value === 'number') return value === 0 ? [] : [varintOf(number * 8), varintOf(value)];
      return [varintOf(number * 8 + 2), varintOf(value.length), value];
    }),
  );
}

export function bytesOf(fields: readonly Field[], number: number): Uint8Array | undefined {
  const value = fields.findLast((field) => field.number === number)?.value;
  return typeof value === 'number' ? undefined : value;
}

export function numberOf(fields: readonly Field[], number: number): number {
  const value = fields.findLast((field) => field.number === number)?.value;
  return typeof value === 'number' ? value : 0;
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
