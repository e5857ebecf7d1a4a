import { styledCharsFromTokens, styledCharsToString, tokenize } from '@alcalzone/ansi-tokenize';
import stringWidth from 'string-width';
import sanitizeAnsi from '../node_modules/ink/build/sanitize-ansi.js';

/** The newest and the second newest `size` texts that were read: what is used again moves up, what is not is forgotten. */
class Recent {
  #newer = new Map();
  #older = new Map();
  #size;
  #read;

  constructor(size, read) {
    this.#size = size;
    this.#read = read;
  }

  get(text, read = this.#read) {
    const newer = this.#newer.get(text);
    if (newer !== undefined) return newer;
    const value = this.#older.get(text) ?? read(text);
    if (this.#newer.size === this.#size) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(text, value);
    return value;
  }
}

const ignorable = /\p{Default_Ignorable_Code_Point}/u;
const invisible = /^\p{Default_Ignorable_Code_Point}+$/u;

/** One cell for all that look the same, by their styles and then by what they show: a screen has thousands, of a few hundred kinds. */
let kinds = new Map();
let kept = 0;

function shared(read) {
  let styles;
  let alike;
  return read.map((cell) => {
    if (cell.styles !== styles) {
      styles = cell.styles;
      const key = styles.map(({ code }) => code).join('');
      alike = kinds.get(key);
      if (!alike) {
        alike = new Map();
        kinds.set(key, alike);
      }
    }
    const known = alike.get(cell.value);
    if (known) return known;
    kept += 1;
    alike.set(cell.value, cell);
    return cell;
  });
}

const cells = new Recent(400, (text) => {
  // A log may bring any character in any colour.
  if (kept > 5_000) {
    kinds = new Map();
    kept = 0;
  }
  const read = shared(styledCharsFromTokens(tokenize(text)));
  return ignorable.test(text) ? read.filter(({ value }) => !invisible.test(value)) : read;
});
const lines = new Recent(400, (text) => {
  const rows = [[]];
  for (const cell of cells.get(text)) {
    if (cell.value === '\n') rows.push([]);
    else rows.at(-1).push(cell);
  }
  return rows.map((row) => styledCharsToString(row));
});
const sanitized = new Recent(600, (text) => sanitizeAnsi(text));
/** Parts of lines by what is cut and the line. */
const parts = new Recent(400);
/** The rows that were drawn, with their cells: what the next frame is held against. */
const drawn = new Recent(200, () => ({ cells: undefined }));
const widths = new Recent(2_000, (text) => stringWidth(text));

/**
 * What Ink reads of the texts of a frame: cells with their styles, lines and widths. Most texts are those of the frame before,
 * so that it is kept, a few screens long.
 */
export const keptRows = {
  getStyledChars: (text) => cells.get(text),
  getLines: (text) => lines.get(text),
  getPart: (line, from, to, cut) => parts.get(`${from} ${to} ${line}`, cut),
  getStringWidth: (text) => (text.length === 1 && text >= ' ' && text <= '~' ? 1 : widths.get(text)),
  getWidestLine: (text) => Math.max(...text.split('\n').map((line) => widths.get(line))),
};

/** A text without what would steer the terminal, as Ink makes it. */
export const sanitize = (text) => sanitized.get(text);

/** What stands where nothing was written. One for all: Ink never changes a cell, it puts another in its place. */
export const blank = Object.freeze({ type: 'char', value: ' ', fullWidth: false, styles: Object.freeze([]) });

const lastRows = [];

/** A row of cells as text, without blanks at its end. Most rows are those of the frame before, cell by cell. */
export function rowText(row, y) {
  const last = lastRows[y];
  if (last?.row.length === row.length && row.every((cell, column) => cell === last.row[column]))
    return last.text;
  const text = styledCharsToString(row).trimEnd();
  drawn.get(text).cells ??= row;
  lastRows[y] = { row, text };
  return text;
}

/** The cells of a row, one for each column; undefined where it holds what is not one column wide. */
export function columnsOf(text) {
  const known = drawn.get(text);
  known.columns ??= known.cells && narrow(known.cells) ? bare(known.cells) : null;
  return known.columns ?? undefined;
}

function narrow(row) {
  return row.every(({ type, value }) => type === 'char' && keptRows.getStringWidth(value) === 1);
}

function bare(row) {
  const end = row.findLastIndex(({ value, styles }) => value !== ' ' || styles.length > 0);
  return row.slice(0, end + 1);
}
