/** What a piece of text means; the theme decides how that looks. */
export type Tone =
  | 'text'
  | 'dim'
  | 'faint'
  | 'good'
  | 'warn'
  | 'bad'
  | 'info'
  | 'accent'
  | 'running'
  | 'special'
  | 'key'
  | 'match';

/** Text of one meaning. Its text is from inside the program or already made safe. */
export interface Span {
  readonly text: string;
  readonly tone?: Tone;
  readonly bold?: boolean;
  /** Drawn as a block: text and ground swapped. */
  readonly inverse?: boolean;
}

/** One row of the screen, before it is cut to a width. */
export type Line = readonly Span[];

/** A span, shortly. */
export function span(text: string, tone: Tone = 'text', bold = false): Span {
  return { text, tone, bold };
}

/** The text of a line without its meanings: for copying, filtering and tests. */
export function lineText(line: Line): string {
  return line.map(({ text }) => text).join('');
}
