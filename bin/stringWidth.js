/** Printable ASCII, frames and blocks, and the symbols of the screen: one cell each, and none joins with its neighbour. */
const narrow = /^[\u0020-\u007E\u2500-\u259F·–…→●○◉◐✔✖✓✗▶’‘“”×≤≥⚠ℹ⏱⏭⏸]*$/;

const sgr = /\u001B\[[\d;]*m/g;

let loaded;

/** Loaded when the first text needs it: its tables of Unicode take as long as a bare Node to start. */
function exactWidth(text, options) {
  loaded ??= require('string-width').default;
  return loaded(text, options);
}

/** string-width, at once for texts of which nothing is wide; colours take no cells. */
export default function stringWidth(text, options) {
  if (options !== undefined) return exactWidth(text, options);
  const bare = text.includes('\u001B') ? text.replace(sgr, '') : text;
  return narrow.test(bare) ? bare.length : exactWidth(text);
}
