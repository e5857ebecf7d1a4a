import type { Line, Span } from './line.ts';
import { cells, cut } from './width.ts';

/** A line of exactly `width` cells: cut with `ellipsis`, or padded on the right (on the left with `align` right). */
export function fitLine(line: Line, width: number, ellipsis: string, align: 'left' | 'right' = 'left'): Line {
  if (width <= 0) return [];
  const total = line.reduce((sum, { text }) => sum + cells(text), 0);
  if (total <= width) {
    if (total === width) return line;
    const padding: Span = { text: ' '.repeat(width - total) };
    return align === 'left' ? [...line, padding] : [padding, ...line];
  }
  const room = width - cells(ellipsis);
  if (room < 0) return [{ text: ' '.repeat(width) }];
  const kept: Span[] = [];
  let used = 0;
  for (const piece of line) {
    const text = cut(piece.text, room - used);
    used += cells(text);
    if (text !== '') kept.push({ ...piece, text });
    if (text !== piece.text) break;
  }
  const last = kept.at(-1);
  const end: Span = {
    text: ellipsis + ' '.repeat(room - used),
    ...(last?.tone === undefined ? {} : { tone: last.tone }),
  };
  return [...kept, end];
}
