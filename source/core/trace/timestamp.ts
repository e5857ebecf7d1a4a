/** What GitLab Runner puts before each line with FF_TIMESTAMPS: 32 bytes, `2026-01-01T01:00:00.020010Z 00O ` or `…00O+`. */
export const stampLength = 32;

const stamp = /^(\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\.\d{6}Z) ([0-9a-f]{2})([EO])([+ ])/;

export interface Stamp {
  /** ISO 8601 UTC with microseconds. */
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  /** Goes on where the line before it stopped. */
  readonly continues: boolean;
}

/** The stamp that a text begins with. */
export function stampOf(text: string): Stamp | undefined {
  const match = stamp.exec(text.length > stampLength ? text.slice(0, stampLength) : text);
  if (!match) return undefined;
  const [, time = '', , stream, flag] = match;
  return { time, stream: stream === 'E' ? 'stderr' : 'stdout', continues: flag === '+' };
}

const [digit0, digit9, colon, letterT, letterZ, space, plus] = [0x30, 0x39, 0x3a, 0x54, 0x5a, 0x20, 0x2b];

/** Whether a stamp with the continuation mark begins at `at`; only looks at the bytes that tell it from text. */
export function continuesAt(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at] ?? 0;
  return (
    bytes[at + 31] === plus &&
    bytes[at + 26] === letterZ &&
    bytes[at + 27] === space &&
    bytes[at + 10] === letterT &&
    bytes[at + 13] === colon &&
    first >= digit0 &&
    first <= digit9
  );
}
