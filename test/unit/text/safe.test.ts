import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plain } from '../../../source/core/text/safe.ts';

test.each([
  ['an escape sequence', 'a\u001B[31mb\u001B]0;title\u0007c', 'abc'],
  ['what reorders or hides', 'a\u202Eb\u200Bc\u00ADd', 'abcd'],
  ['line breaks and tabs', 'a\r\n\tb\u2028c', 'a b c'],
  ['what joins emoji into one', '👩\u200D💻 ❤\uFE0F 👍🏽', '👩 ❤ 👍'],
  ['letters and marks that stand apart', 'e\u0301', '\u00E9'],
  ['halves of a pair', 'a\uD83Db', 'ab'],
])('%s', (_, text, safe) => {
  expect(plain(text)).toBe(safe);
});

test('a text is cut to its limit, and says so; never in the middle of a pair', () => {
  expect(plain('abcdef', 6)).toBe('abcdef');
  expect(plain('abcdefg', 6)).toBe('abcde…');
  expect(plain('abc😀def', 5)).toBe('abc…');
  expect(plain('x'.repeat(100), 10)).toHaveLength(10);
});

test('what is hidden counts for nothing, unless it is most of the text', () => {
  expect(plain(`${'\u200B'.repeat(10)}abc`, 6)).toBe('abc');
  expect(plain(`${'\u200B'.repeat(100)}abc`, 6)).toBe('…');
});

test('no text of any kind is longer than the limit, on more lines than one, or holds what steers', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.integer({ min: 2, max: 30 }),
      (text, limit) => {
        const safe = plain(text, limit);
        expect(safe.length).toBeLessThanOrEqual(limit);
        expect(safe).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
      },
    ),
  );
});
