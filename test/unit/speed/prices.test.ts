import { expect, test } from 'vitest';
import { pricesOf } from '../../../source/compose/prices.ts';
import { speedReport } from '../../../source/core/speed/report.ts';
import { type OptionInputs, resolveOptions } from '../../../source/services/config/options.ts';
import { configurationShape } from '../../../source/services/config/shape.ts';
import { input } from './world.ts';

const configuration = configurationShape.parse({
  profile: 'work',
  profiles: { work: { prices: { minute: 0.008, gigabyte: 0 } } },
});

function prices(more: Partial<OptionInputs> = {}) {
  return pricesOf(resolveOptions({ flags: {}, environment: {}, configuration, ...more }));
}

test('a price is that of the flag, of the variable, or of the profile', () => {
  expect(prices()).toEqual({ minute: 0.008, gigabyte: 0 });
  const environment = { HUSKYCAT_PRICE_MINUTE: '0.5' };
  expect(prices({ environment })).toEqual({ minute: 0.5, gigabyte: 0 });
  expect(prices({ environment, flags: { priceMinute: '2', priceGb: '1e-3' } })).toEqual({
    minute: 2,
    gigabyte: 0.001,
  });
  expect(pricesOf({})).toEqual({});
});

test.each(['', ' ', 'x', '-1', 'Infinity', '1,5'])('%j is no price, and it says where it is from', (text) => {
  expect(() => prices({ flags: { priceGb: text } })).toThrow(/--price-gb/);
});

test('a profile cannot have a price below nothing', () => {
  const profiles = { work: { prices: { minute: -1 } } };
  expect(configurationShape.safeParse({ profiles }).success).toBe(false);
});

test('where no pipeline ended, no week is said to have used nothing', () => {
  const { cost } = speedReport(input());
  const row = cost.find(({ id }) => id === 'runner-minutes-week');
  expect(row).toMatchObject({ value: null, because: 'no pipeline ended' });
});
