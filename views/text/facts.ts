import { type Line, span, type Tone } from './line.ts';
import { safe } from './safe.ts';
import { wrap } from './width.ts';

/** A heading over the lines of a detail. */
export function heading(text: string): Line {
  return [span(text, 'accent', true)];
}

/** `name  value`, the value wrapped under itself. */
export function fact(name: string, value: string, width: number, tone: Tone = 'text'): Line[] {
  const label = Math.max(14, name.length + 1);
  return paragraph(value, Math.max(10, width - label)).map((text, index) => [
    span((index === 0 ? `${name} ` : '').padEnd(label), 'dim'),
    span(text, tone),
  ]);
}

/** Outside text in lines of at most `width` cells, a few hundred lines at most. */
export function paragraph(text: string, width: number): string[] {
  return wrap(safe(text, 8_000), Math.max(1, width));
}
