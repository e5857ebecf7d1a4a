import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare, median, percentile, summarize, unusual } from '../../../source/core/statistics.ts';

test('medians and quartiles are those of the textbook', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeUndefined();
  expect(summarize([1, 2, 3, 4, 100])).toEqual({
    n: 5,
    median: 3,
    low: 2,
    high: 4,
    min: 1,
    max: 100,
    mad: 1,
  });
  expect(summarize([Number.NaN, Number.POSITIVE_INFINITY])).toBeUndefined();
  expect(percentile([0, 10], 0.25)).toBe(2.5);
});

describe('before and after', () => {
  test('too few runs are said to be too few', () => {
    expect(compare([1, 2, 3], [10, 11, 12, 13])).toEqual({
      verdict: 'too-few',
      before: 3,
      after: 4,
      needed: 4,
    });
  });

  test('a clear change is told, with its size', () => {
    const result = compare([100, 104, 98, 101, 99, 102], [50, 52, 49, 51, 53, 48]);
    expect(result).toMatchObject({ verdict: 'less', shift: expect.closeTo(-50, 0) });
  });

  test('noise is not called a change', () => {
    expect(compare([100, 130, 80, 110, 95], [105, 90, 120, 100, 115]).verdict).toBe('same');
  });

  test('the interval holds the estimate, and turns with the sides', () => {
    const values = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 4, maxLength: 30 });
    fc.assert(
      fc.property(values, values, (before, after) => {
        const [there, back] = [compare(before, after), compare(after, before)];
        if (there.verdict === 'too-few' || back.verdict === 'too-few')
          throw new Error('enough runs were given');
        expect(there.shiftLow).toBeLessThanOrEqual(there.shift);
        expect(there.shift).toBeLessThanOrEqual(there.shiftHigh);
        expect(back.shift).toBeCloseTo(-there.shift, 9);
      }),
    );
  });

  test('rarely calls chance a change', () => {
    const uniform = fc.array(fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true }), {
      minLength: 8,
      maxLength: 8,
    });
    const pairs = fc.sample(fc.tuple(uniform, uniform), { numRuns: 400, seed: 7 });
    const alarms = pairs.filter(([a, b]) => compare(a, b).verdict !== 'same').length;
    expect(alarms / pairs.length).toBeLessThan(0.08);
  });
});

test('one value is unusual only against enough others', () => {
  const usual = summarize([100, 101, 99, 102, 98]);
  expect(unusual(103, usual)).toBe('same');
  expect(unusual(150, usual)).toBe('more');
  expect(unusual(50, usual)).toBe('less');
  expect(unusual(150, summarize([100, 101]))).toBeUndefined();
});
