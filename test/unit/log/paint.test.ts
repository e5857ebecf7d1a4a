import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeLine } from '../../../source/core/trace/decode.ts';
import { paintSegments } from '../../../views/log/paint.ts';
import { cells, partStarts } from '../../../views/text/width.ts';

const styled = decodeLine(
  Buffer.from('\u001B[1;31mred\u001B[0m plain \u001B[38;2;255;0;0mtrue\u001B[48;5;22mground'),
  {
    stamped: false,
  },
).segments;

function paint(level: 0 | 1 | 2, more: Partial<Parameters<typeof paintSegments>[1]> = {}): string {
  return paintSegments(styled, { level, width: 30, part: { from: 0, to: 30 }, matches: [], ...more });
}

test('without colours nothing but the text is there, and a match is swapped', () => {
  expect(paint(0)).toBe('red plain trueground          ');
  expect(paint(0, { matches: [{ from: 4, to: 9 }] })).toContain('\u001B[7mplain\u001B[27m');
});

test('colours are as many as the terminal has, and every one is switched off', () => {
  expect(paint(2)).toContain('\u001B[1;31mred\u001B[22;39m plain \u001B[38;5;196mtrue\u001B[39m');
  expect(paint(1)).toContain('\u001B[31mtrue\u001B[39m');
  expect(paint(2)).toContain('\u001B[38;5;196;48;5;22mground\u001B[39;49m');
});

test('a part of the line begins and ends where it is told', () => {
  expect(stripVTControlCharacters(paint(2, { part: { from: 1, to: 6 }, width: 8 }))).toBe('ed pl   ');
});

test('a wrapped line is all there, and no part is wider than the screen', () => {
  const texts = fc.array(fc.constantFrom('a', 'bc ', '漢字', '😀', 'é', '1234567890'), { maxLength: 40 });
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 30 }), (parts, width) => {
      const text = parts.join('');
      const starts = partStarts(text, width);
      const pieces = starts.map((from, index) => text.slice(from, starts[index + 1] ?? text.length));
      expect(pieces.join('')).toBe(text);
      for (const piece of pieces) expect(cells(piece)).toBeLessThanOrEqual(width);
    }),
  );
});
