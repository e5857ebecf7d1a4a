/** A word of a line, without its quotes, and where it begins. */
export interface Word {
  readonly text: string;
  /** Offset in the line. */
  readonly at: number;
}

/**
 * Splits a line as Bazel reads .bazelrc: words apart by spaces, quotes of both kinds, a backslash takes the next character as
 * it is, and `#` where a word could begin starts a comment. `comment` is the offset of the `#`, -1 without one.
 */
export function splitWords(line: string): { words: Word[]; comment: number } {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    if (/\s/.test(line.charAt(at))) {
      at++;
      continue;
    }
    if (line.charAt(at) === '#') return { words, comment: at };
    const start = at;
    let text = '';
    let quote = '';
    for (; at < line.length; at++) {
      const character = line.charAt(at);
      if (character === '\\') text += line.charAt(++at);
      else if (quote !== '' && character === quote) quote = '';
      else if (quote === '' && (character === '"' || character === "'")) quote = character;
      else if (quote === '' && /\s/.test(character)) break;
      else text += character;
    }
    words.push({ text, at: start });
  }
  return { words, comment: -1 };
}
