import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matches, scrollTop } from '../../../views/state/listWindow.ts';

test('the selected row is always in the window, and the window in the list', () => {
  const sizes = fc.tuple(
    fc.nat(300),
    fc.nat(300),
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 1, max: 300 }),
  );
  fc.assert(
    fc.property(sizes, ([top, wanted, height, count]) => {
      const index = wanted % count;
      const next = scrollTop(top, index, height, count);
      expect(next).toBeGreaterThanOrEqual(0);
      expect(next).toBeLessThanOrEqual(Math.max(0, count - height));
      expect(index).toBeGreaterThanOrEqual(next);
      expect(index).toBeLessThan(next + height);
    }),
  );
});

test('a window moves only when it must', () => {
  expect(scrollTop(10, 15, 20, 100)).toBe(10);
  expect(scrollTop(10, 30, 20, 100)).toBe(15);
  expect(scrollTop(10, 9, 20, 100)).toBe(5);
});

test('a filter finds all of its words, and tells case only when it has capitals', () => {
  expect(matches('APPLE_ID signing', 'apple sign')).toBe(true);
  expect(matches('APPLE_ID signing', 'Apple')).toBe(false);
  expect(matches('APPLE_ID signing', 'apple attic')).toBe(false);
});
