import type { Datum } from '../../source/core/datum.ts';

const order = ['failed', 'loading', 'stale', 'fresh', 'off'] as const;

/** The datum that has most to say of several: what failed before what is old before what is fine. */
export function worst(data: readonly [Datum<unknown>, ...Datum<unknown>[]]): Datum<unknown> {
  return data.reduce((least, datum) =>
    order.indexOf(datum.state) < order.indexOf(least.state) ? datum : least,
  );
}
