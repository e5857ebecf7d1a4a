/** Characters that are a grapheme each, whatever stands beside them: printable ASCII, Esc, frames, blocks, the symbols of the screen. */
const single = /^[\u001B\u0020-\u007E\u2500-\u259F·–…→●○◉◐✔✖✓✗▶’‘“”×≤≥⚠ℹ⏱⏭⏸]*$/;

const { Segmenter } = Intl;

/** Intl.Segmenter for graphemes. Most rows of the screen need no tables of Unicode, and loading them takes half as long as Node to start. */
export class GraphemeSegmenter {
  constructor(...given) {
    this.given = given;
  }

  segment(text) {
    if (single.test(text)) return codeUnits(text);
    this.exact ??= new Segmenter(...this.given);
    return this.exact.segment(text);
  }
}

function* codeUnits(input) {
  for (let index = 0; index < input.length; index += 1) yield { segment: input[index], index, input };
}
