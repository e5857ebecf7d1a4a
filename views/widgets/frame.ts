import { fitLine } from '../text/fit.ts';
import { type Line, type Span, span, type Tone } from '../text/line.ts';
import type { Size } from '../text/size.ts';
import { cells } from '../text/width.ts';
import type { Theme } from '../theme.ts';

export interface FrameOptions {
  readonly title: Line;
  /** Stands at the right end of the top border. */
  readonly note?: Line;
  /** Stands at the right end of the bottom border. */
  readonly foot?: Line;
  readonly size: Size;
  readonly isFocused: boolean;
  readonly theme: Theme;
  /** Of the border; by focus when absent. */
  readonly tone?: Tone;
}

/** A row inside of a frame. */
export interface FrameRow {
  readonly line: Line;
  readonly selected?: boolean;
}

/** What is inside of the border of a frame of this size. */
export function innerSize({ columns, rows }: Size): Size {
  return { columns: Math.max(0, columns - 4), rows: Math.max(0, rows - 2) };
}

/** A bordered box of exactly `size`, painted: title in the border, rows inside, one cell of air at both sides. */
export function frame(rows: readonly FrameRow[], options: FrameOptions): string[] {
  const { size, theme, isFocused } = options;
  const { columns } = size;
  const tone = options.tone ?? (isFocused ? 'accent' : 'faint');
  if (columns < 6 || size.rows < 3)
    return Array.from({ length: size.rows }, (_, index) => theme.paint(rows[index]?.line ?? [], columns));
  const { glyphs } = theme;
  const inner = innerSize(size);
  const side = theme.paint([span(glyphs.vertical, tone)], 1);
  const body = Array.from({ length: inner.rows }, (_, index) => {
    const row = rows[index];
    const text = theme.paint(
      [span(' '), ...fitLine(row?.line ?? [], inner.columns, glyphs.ellipsis), span(' ')],
      inner.columns + 2,
      {
        selected: row?.selected === true,
      },
    );
    return `${side}${text}${side}`;
  });
  return [
    theme.paint(border(options.title, options.note, tone, isFocused, columns, theme, true), columns),
    ...body,
    theme.paint(border([], options.foot, tone, isFocused, columns, theme, false), columns),
  ];
}

function border(
  title: Line,
  note: Line | undefined,
  tone: Tone,
  isFocused: boolean,
  columns: number,
  { glyphs }: Theme,
  isTop: boolean,
): Line {
  const left = isTop ? glyphs.topLeft : glyphs.bottomLeft;
  const right = isTop ? glyphs.topRight : glyphs.bottomRight;
  const room = columns - 4;
  const head = title.length > 0 ? pad(fitted(title, room - 2, glyphs.ellipsis)) : [];
  const rest = room - width(head);
  const end = note && note.length > 0 && width(note) + 3 <= rest ? pad(note) : [];
  const line = Math.max(0, rest - width(end));
  return [
    span(left + glyphs.horizontal, tone),
    ...head.map((piece) => (isFocused && isTop ? { ...piece, bold: true } : piece)),
    span(glyphs.horizontal.repeat(line), tone),
    ...end,
    span(glyphs.horizontal + right, tone),
  ];
}

function fitted(line: Line, room: number, ellipsis: string): Line {
  return width(line) > room ? fitLine(line, Math.max(0, room), ellipsis) : line;
}

function pad(line: Line): Span[] {
  return [span(' '), ...line, span(' ')];
}

function width(line: Line): number {
  return line.reduce((sum, { text }) => sum + cells(text), 0);
}
