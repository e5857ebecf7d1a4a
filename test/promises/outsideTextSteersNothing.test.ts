import fc from 'fast-check';
import { expect, test } from 'vitest';
import { table } from '../../source/cli/table.ts';
import { printable } from '../../source/cli/text.ts';
import { plain } from '../../source/core/text/safe.ts';
import { decodeLine } from '../../source/core/trace/decode.ts';

/** Control, format and line-separating characters: nothing that could steer, hide or reorder. */
const steering = /[\p{Cc}\p{Cf}\u2028\u2029\p{Cs}]/u;

const pieces = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '\u001B[2J',
    '\u001B[1;1H',
    '\u001B]0;title\u0007',
    '\u001B]52;c;b3duZWQ=\u001B\\',
    '\u009B31m',
    '\u009D0;title\u009C',
    '\u001BP1$r\u001B\\',
    '\u001B[',
    '\u001B]',
    '\u001B',
    '\u202Egnp.exe',
    '\u2066',
    '\u200B',
    '\u{E0041}',
    '\r\n',
    '\u0085',
    '\u2028',
    '\u0000',
    '\uD800',
    '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}',
    '\u26A0\uFE0F',
  ),
);

const outside = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));

test('a name from outside cannot move the cursor, set the title, write the clipboard or forge a line', () => {
  fc.assert(
    fc.property(outside, (text) => {
      expect(plain(text)).not.toMatch(steering);
      // Composed with a mark that comes first in the text, the letter is still there.
      expect(plain(`a${text}b`).normalize('NFD')).toMatch(/^a/);
    }),
    { numRuns: 2_000 },
  );
});

test('a line that a headless command prints is one line, whatever is in it', () => {
  fc.assert(
    fc.property(outside, outside, (one, two) => {
      expect(printable(one)).not.toMatch(steering);
      const [row = '', ...rest] = table([[one, two]]);
      expect(rest).toEqual([]);
      expect(row).not.toMatch(steering);
    }),
    { numRuns: 500 },
  );
});

test('a line of a job log shows text and colours, and nothing else of what its bytes ask for', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    outside.map((text) => new TextEncoder().encode(text)),
  );
  fc.assert(
    fc.property(bytes, (line) => {
      for (const { text } of decodeLine(line, { stamped: false }).segments)
        expect(text).not.toMatch(steering);
    }),
    { numRuns: 2_000 },
  );
});
