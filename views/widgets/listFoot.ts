import type { List } from '../hooks/useList.ts';
import type { Glyphs } from '../text/glyphs.ts';
import { type Line, type Span, span } from '../text/line.ts';

/** What stands in the bottom border of a list: view, filter with its live count, place. */
export function listFoot<Row>(list: List<Row>, glyphs: Glyphs, view?: string): Line {
  const parts: Span[][] = [];
  if (view !== undefined) parts.push([span(view, 'dim')]);
  if (list.marked.size > 0) parts.push([span(`${glyphs.marked}${list.marked.size}`, 'accent')]);
  if (list.isFiltering || list.filter !== '')
    parts.push([
      span(`/${list.filter}`, 'match'),
      ...(list.isFiltering ? [{ text: ' ', inverse: true }] : []),
      span(` ${list.shown} of ${list.total}`, 'dim'),
    ]);
  else if (list.total > 0) parts.push([span(`${list.index + 1}/${list.total}`, 'dim')]);
  return parts.flatMap((part, index) => (index === 0 ? part : [span(` ${glyphs.dot} `, 'faint'), ...part]));
}
