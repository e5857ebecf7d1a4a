/** The first row to show so that `index` is on the screen and the window moves as little as it can. */
export function scrollTop(top: number, index: number, height: number, count: number): number {
  const last = Math.max(0, count - height);
  if (height <= 0 || index < 0) return 0;
  if (index < top) return Math.min(index, last);
  if (index >= top + height) return Math.min(index - height + 1, last);
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
