import { ansiCodesToString, diffAnsiCodes } from '@alcalzone/ansi-tokenize';
import exactUpdate from '../node_modules/ink/build/line-update.js';
import { columnsOf } from './inkRows.js';

/** Cells that stay are written again rather than jumped over where there are no more than these: a jump takes as many bytes. */
const bridge = 6;
const eraseEnd = '\u001B[K';
const cursorTo = (column) => `\u001B[${column + 1}G`;

/** What turns a row of the screen into the next: the cells that differ, with jumps between them. Ink writes all from the first on. */
export default function lineUpdate(previous, next, columns) {
  const before = columns > 0 ? columnsOf(previous) : undefined;
  const after = before && columnsOf(next);
  if (!after || before.length > columns || after.length > columns)
    return exactUpdate(previous, next, columns);
  let written = '';
  let styles = [];
  for (const [start, end] of changes(before, after)) {
    written += cursorTo(start);
    for (const cell of after.slice(start, end)) {
      if (cell.styles !== styles) written += ansiCodesToString(diffAnsiCodes(styles, cell.styles));
      styles = cell.styles;
      written += cell.value;
    }
  }
  written += ansiCodesToString(diffAnsiCodes(styles, []));
  if (before.length > after.length) written += cursorTo(after.length) + eraseEnd;
  return written.length <= next.length ? written : exactUpdate(previous, next, columns);
}

/** The runs of `after` that differ from `before`, from and up to a column. */
function changes(before, after) {
  const runs = [];
  for (let column = 0; column < after.length; column += 1) {
    if (isSame(before[column], after[column])) continue;
    const last = runs.at(-1);
    if (last && column - last[1] <= bridge) last[1] = column + 1;
    else runs.push([column, column + 1]);
  }
  return runs;
}

function isSame(one, other) {
  if (one === other) return true;
  if (one?.value !== other.value) return false;
  const { styles } = other;
  return (
    one.styles === styles ||
    (one.styles.length === styles.length &&
      styles.every(({ code }, index) => code === one.styles[index].code))
  );
}
