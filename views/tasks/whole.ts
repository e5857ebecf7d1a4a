import { type Line, span, type Tone } from '../text/line.ts';
import { safe } from '../text/safe.ts';
import { parts } from '../text/width.ts';

/** Text line by line; a line that is longer than the screen goes on in the next. */
export function whole(
  text: string,
  tone: Tone,
  { width }: { readonly width: number },
  keepsEmpty = false,
): Line[] {
  if (text === '' && !keepsEmpty) return [];
  return text
    .split('\n')
    .flatMap((line) => parts(safe(line, mostOfLine), width - 4))
    .map((part): Line => [span(`    ${part}`, tone)]);
}

/** Of one line, which may be a whole file in one line; more than any that a person would read. */
const mostOfLine = 100_000;
