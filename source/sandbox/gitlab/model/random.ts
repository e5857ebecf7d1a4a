import { createHash } from 'node:crypto';

/** Numbers that look random and are the same for the same seed: from 0 to before 1. */
export type Random = () => number;

/** Mulberry32, seeded by any text. */
export function seededRandom(seed: string): Random {
  let state = createHash('sha256').update(seed).digest().readUInt32LE();
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `least` to `most`, both included. */
export function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** Letters and digits. */
export function word(random: Random, length: number, alphabet = letters): string {
  return Array.from({ length }, () => alphabet[between(random, 0, alphabet.length - 1)] ?? '').join('');
}

/** Bytes, as hexadecimal digits. */
export function hex(random: Random, length: number): string {
  return word(random, length, '0123456789abcdef');
}
