const alphabet = '0123456789abcdfghijklmnpqrsvwxyz';

/** Nix's own base 32: least significant bits first, digits from the end, without the letters e, o, t and u. */
export function nixBase32(bytes: Uint8Array): string {
  const length = Math.ceil((bytes.length * 8) / 5);
  let text = '';
  for (let digit = length - 1; digit >= 0; digit--) {
    const byte = Math.floor((digit * 5) / 8);
    const shift = (digit * 5) % 8;
    const low = (bytes[byte] ?? 0) >> shift;
    const high = (bytes[byte + 1] ?? 0) << (8 - shift);
    text += alphabet[(low | high) & 31];
  }
  return text;
}

export type HashFault = 'length' | 'format';

/** What is wrong with the hash part of a store path; undefined when nothing is. */
export function storeHashFault(text: string): HashFault | undefined {
  if (text.length !== 32) return 'length';
  return [...text].every((letter) => alphabet.includes(letter)) ? undefined : 'format';
}
