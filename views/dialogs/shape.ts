import { paragraph } from '../text/facts.ts';
import { type Line, span } from '../text/line.ts';
import type { Size } from '../text/size.ts';

/** Columns of a dialog, its border included. */
export function dialogWidth(screen: Size): number {
  return Math.min(78, screen.columns);
}

/** The text of a dialog, wrapped to it. */
export function dialogLines(lines: readonly string[], columns: number): Line[] {
  return lines.flatMap((text) => paragraph(text, columns - 4).map((line): Line => [span(line)]));
}
