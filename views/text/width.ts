import stringWidth from 'string-width';

const ascii = /^[\u0020-\u007E]*$/;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Cells that a text takes on the screen, counted as Ink counts them. */
export function cells(text: string): number {
  return ascii.test(text) ? text.length : stringWidth(text);
}

/** The longest beginning of a text that fits `width` cells. */
export function cut(text: string, width: number): string {
  if (width <= 0) return '';
  if (ascii.test(text)) return text.slice(0, width);
  let used = 0;
  let end = 0;
  for (const { segment, index } of graphemes.segment(text.slice(0, width * 16))) {
    used += cells(segment);
    if (used > width) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

/** Splits a text as the reader of the screen sees characters. */
export function characters(text: string): string[] {
  return ascii.test(text) ? [...text] : [...graphemes.segment(text)].map(({ segment }) => segment);
}

/** A text in lines of at most `width` cells, broken between words where there are any. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (cells(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    let rest = word;
    while (cells(rest) > width) {
      const head = cut(rest, Math.max(1, width)) || characters(rest)[0] || rest;
      lines.push(head);
      rest = rest.slice(head.length);
    }
    line = rest;
  }
  lines.push(line);
  return lines;
}

/** Where the parts of a wrapped text begin, in code units. */
export function partStarts(text: string, width: number): number[] {
  const starts = [0];
  if (cells(text) <= width) return starts;
  for (let at = 0; at < text.length; ) {
    const taken = cut(text.slice(at, at + width * 16), width).length || 1;
    at += taken;
    if (at < text.length) starts.push(at);
  }
  return starts;
}

/** A text in parts of at most `width` cells, broken anywhere: nothing of it is left out. */
export function parts(text: string, width: number): string[] {
  const starts = partStarts(text, Math.max(1, width));
  return starts.map((start, index) => text.slice(start, starts[index + 1]));
}
