import { NeedsUser } from '../core/failure.ts';
import type { Prices } from '../core/speed/past.ts';
import { plain } from '../core/text/safe.ts';
import type { Options, Resolved } from '../services/config/options.ts';

/** The prices that were given. Throws `NeedsUser` with code `bad-option` for one that is no amount. */
export function pricesOf({ priceMinute, priceGb }: Pick<Options, 'priceMinute' | 'priceGb'>): Prices {
  return {
    ...(priceMinute ? { minute: amount(priceMinute) } : {}),
    ...(priceGb ? { gigabyte: amount(priceGb) } : {}),
  };
}

function amount({ value, from }: Resolved): number {
  const number = Number(value);
  if (value.trim() !== '' && Number.isFinite(number) && number >= 0) return number;
  throw new NeedsUser({
    tried: `use the price of ${from}`,
    saw: `${plain(value, 40)} is no amount`,
    next: ['Give a number, 0 or more: 0.01'],
    code: 'bad-option',
  });
}
