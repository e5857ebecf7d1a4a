/**
 * The first row to show so that `index` is on the screen. A window that must move does so by a quarter of its height: each
 * move sends all of its rows again, which is dear over a slow connection.
 */
export function scrollTop(top: number, index: number, height: number, count: number): number {
  const last = Math.max(0, count - height);
  if (height <= 0 || index < 0) return 0;
  const step = Math.max(1, Math.floor(height / 4));
  if (index < top) return Math.max(0, Math.min(index - step + 1, last));
  if (index >= top + height) return Math.min(index - height + step, last);
  return Math.min(Math.max(0, top), last);
}

/** `index` moved by `by`, within a list of `count`. */
export function moved(index: number, by: number, count: number): number {
  return Math.max(0, Math.min(count - 1, index + by));
}

/** True when every word of `filter` is in `text`; case counts only when the filter has capitals. */
export function matches(text: string, filter: string): boolean {
  const exact = filter !== filter.toLowerCase();
  const where = exact ? text : text.toLowerCase();
  return filter.split(' ').every((word) => where.includes(word));
}
