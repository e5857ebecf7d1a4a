import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GraphemeSegmenter } from '../../../bin/segmenter.js';

const exact = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const ours = new GraphemeSegmenter(undefined, { granularity: 'grapheme' });
const rows = fc.string({
  unit: fc.constantFrom(
    ...'aZ0 ~\u001B[38;5;80m╭─│█░·–…→●✔✖▶’“×⚠⏸é漢',
    '\uFE0F',
    '\u200D',
    '\u0301',
    '👩',
    '🇩',
    '\r',
    '\n',
  ),
});

test('a row is cut as Intl.Segmenter cuts it', () => {
  fc.assert(
    fc.property(rows, (text) => {
      expect([...ours.segment(text)].map(({ segment, index }) => [index, segment])).toEqual(
        [...exact.segment(text)].map(({ segment, index }) => [index, segment]),
      );
    }),
    { numRuns: 2_000 },
  );
});
