/** Nix's alphabet: digits and lower-case letters without e, o, t and u. */
const alphabet = '0123456789abcdfghijklmnpqrsvwxyz';

/** The 32 characters that begin the last part of a store path. */
export const storeHash = /^[0-9a-df-np-sv-z]{32}$/;

/** Bytes in Nix's base-32: the bytes read as a little-endian number, most significant digit first. */
export function toNixBase32(bytes: Uint8Array): string {
  let text = '';
  for (let digit = Math.ceil((bytes.length * 8) / 5) - 1; digit >= 0; digit--) {
    const bit = digit * 5;
    const index = bit >> 3;
    const pair = (bytes[index] ?? 0) | ((bytes[index + 1] ?? 0) << 8);
    text += alphabet.charAt((pair >> (bit & 7)) & 31);
  }
  return text;
}

/** The bytes of a Nix base-32 text; undefined when it is none of `length` bytes. */
export function fromNixBase32(text: string, length: number): Uint8Array | undefined {
  if (text.length !== Math.ceil((length * 8) / 5)) return undefined;
  const bytes = new Uint8Array(length);
  for (let digit = 0; digit < text.length; digit++) {
    const value = alphabet.indexOf(text.charAt(text.length - 1 - digit));
    if (value < 0) return undefined;
    const bit = digit * 5;
    const index = bit >> 3;
    const shifted = value << (bit & 7);
    bytes[index] = (bytes[index] ?? 0) | (shifted & 0xff);
    const carry = shifted >> 8;
    if (carry === 0) continue;
    if (index + 1 >= length) return undefined;
    bytes[index + 1] = (bytes[index + 1] ?? 0) | carry;
  }
  return bytes;
}
