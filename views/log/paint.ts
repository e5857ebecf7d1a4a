import type { Color, Segment, Style } from '../../source/core/trace/style.ts';
import { cells } from '../text/width.ts';
import type { ColourLevel } from '../theme.ts';

export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface PaintOptions {
  readonly level: ColourLevel;
  /** Cells that the text takes, padded with blanks. */
  readonly width: number;
  /** Which part of the line's text, in code units. */
  readonly part: Range;
  /** What is searched for, in code units of the whole line. */
  readonly matches: readonly Range[];
}

/** Part of a log's line as exactly `width` cells, with its own colours as far as the terminal has them. */
export function paintSegments(segments: readonly Segment[], options: PaintOptions): string {
  const { level, width, part, matches } = options;
  let [at, used, painted] = [0, 0, ''];
  for (const { text, style } of segments) {
    const [from, to] = [Math.max(part.from, at), Math.min(part.to, at + text.length)];
    if (from < to) {
      for (const piece of pieces(from, to, matches)) {
        const shown = text.slice(piece.from - at, piece.to - at);
        painted += styled(shown, style, level, piece.isMatch);
        used += cells(shown);
      }
    }
    at += text.length;
    if (at >= part.to) break;
  }
  return painted + ' '.repeat(Math.max(0, width - used));
}

interface Piece extends Range {
  readonly isMatch: boolean;
}

function pieces(from: number, to: number, matches: readonly Range[]): Piece[] {
  const result: Piece[] = [];
  let at = from;
  for (const match of matches) {
    const [start, end] = [Math.max(at, match.from), Math.min(to, match.to)];
    if (start >= end) continue;
    if (start > at) result.push({ from: at, to: start, isMatch: false });
    result.push({ from: start, to: end, isMatch: true });
    at = end;
  }
  if (at < to) result.push({ from: at, to, isMatch: false });
  return result;
}

/** Text with SGR around it and all of it switched off after it. Without colours only a match stands out. */
function styled(text: string, style: Style, level: ColourLevel, isMatch: boolean): string {
  const codes = level === 0 ? [] : styleCodes(style, level);
  if (isMatch) codes.push('7');
  if (codes.length === 0) return text;
  return `\u001B[${codes.join(';')}m${text}\u001B[${[...new Set(codes.map(offCode))].join(';')}m`;
}

function styleCodes(style: Style, level: 1 | 2): string[] {
  return [
    ...(style.bold ? ['1'] : []),
    ...(style.dim ? ['2'] : []),
    ...(style.italic ? ['3'] : []),
    ...(style.underline ? ['4'] : []),
    ...(style.strike ? ['9'] : []),
    ...(style.color === undefined ? [] : [colorCode(style.color, level, 30)]),
    ...(style.background === undefined ? [] : [colorCode(style.background, level, 40)]),
  ];
}

/** Each attribute is switched off by itself, so that the ground of a selected row stays. */
function offCode(code: string): string {
  if (code === '1' || code === '2') return '22';
  if (code === '3' || code === '4' || code === '7' || code === '9') return `2${code}`;
  return code.startsWith('4') || code.startsWith('10') ? '49' : '39';
}

function colorCode(color: Color, level: 1 | 2, base: 30 | 40): string {
  const index = typeof color === 'number' ? color : nearest(color);
  if (index < 8) return String(base + index);
  if (index < 16) return String(base + 52 + index);
  return level === 2 ? `${base + 8};5;${index}` : String(base + basic(index));
}

/** The nearest of the 6 × 6 × 6 cube of xterm's 256 colours. */
function nearest(hex: string): number {
  const level = (at: number): number => Math.round((Number.parseInt(hex.slice(at, at + 2), 16) / 255) * 5);
  return 16 + 36 * level(1) + 6 * level(3) + level(5);
}

/** One of the eight for a colour of the cube or the greys. */
function basic(index: number): number {
  if (index >= 232) return index < 244 ? 0 : 7;
  const cube = index - 16;
  const [red, green, blue] = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6];
  return (red > 2 ? 1 : 0) + (green > 2 ? 2 : 0) + (blue > 2 ? 4 : 0);
}
