import { bytes, duration } from '../text/format.ts';
import type { CostRow, Measured, Range, RowId, SpeedRow, Window } from './model.ts';

type Unit = SpeedRow['unit'];

/** `30m`, `4m 10s`, `7/week`. */
export function quantity(value: number, unit: Unit): string {
  if (unit === 'per-week') return `${Number(value.toFixed(1))}/week`;
  return duration(value).replace(/ 00[sm]$/, '');
}

/** `2m to 3m`. */
export function rangeText({ low, high }: Range, unit: Unit): string {
  return low === high ? quantity(low, unit) : `${quantity(low, unit)} to ${quantity(high, unit)}`;
}

/** `4m 10s n=12`: the shortest that a measured number may be. */
export function medianText({ median, n }: Measured, unit: Unit): string {
  return `${quantity(median, unit)} n=${n}`;
}

/** Median, quartiles, N, window and queue, whole. */
export function measuredText(measured: Measured, unit: Unit): string {
  const { median, low, high, n, window, queue } = measured;
  const waited = queue >= 1 ? `, and ${duration(queue)} in the queue` : '';
  const spread = `${low === high ? '' : `${rangeText({ low, high }, unit)}, `}n=${n}`;
  return `${quantity(median, unit)} (${spread}, ${windowText(window)})${waited}`;
}

/** `2026-11-20 to 2026-11-24`. */
export function windowText({ from, to }: Window): string {
  const [first, last] = [from.slice(0, 10), to.slice(0, 10)];
  return first === last ? first : `${first} to ${last}`;
}

/** `3.4x`; `3x to 4x`. */
export function ratioText(ratio: number | Range): string {
  if (typeof ratio === 'number') return `${Number(ratio.toPrecision(2))}x`;
  const { low, high } = ratio;
  return low === high ? ratioText(low) : `${ratioText(low)} to ${ratioText(high)}`;
}

/** What a row of the costs amounts to, with N where it is a median; `not known` without a value. */
export function costText({ unit, value, spread, n }: CostRow): string {
  if (value === null) return unit === 'money' ? 'not measured' : 'not known';
  const text = (one: number): string => (unit === 'bytes' ? bytes(one) : quantity(one * 60, 'seconds'));
  const range = spread && spread.low !== spread.high ? `${text(spread.low)} to ${text(spread.high)}, ` : '';
  return n === undefined ? text(value) : `${text(value)} (${range}n=${n})`;
}

/** `12.50 a month`, in the currency of the price that was given. */
export function moneyText(perMonth: number): string {
  return `${perMonth.toFixed(2)} a month`;
}

/** What the runs of a row are times of: where the row counts in a week, each is one. */
export function timedTitle({ title, unit }: Pick<SpeedRow, 'title' | 'unit'>): string {
  return unit === 'per-week' ? `${title}, each` : title;
}

export function timedTitleOf(id: RowId, rows: readonly SpeedRow[]): string {
  const row = rows.find((one) => one.id === id);
  return row ? timedTitle(row) : id;
}

export const verdictTexts = {
  met: 'reached',
  missed: 'not reached',
  'not-yet': 'not yet',
} as const satisfies Record<SpeedRow['verdict'], string>;
