import type { TraceLog } from './log.ts';
import type { Section } from './sections.ts';

/** Which lines of a log are shown when some sections are folded, and what heads them. Rows count from 0. */
export interface Folding {
  readonly rows: number;
  /** The line shown at a row. */
  lineAt(row: number): number;
  /** The row of a line; of a hidden line that of the head under which it is. */
  rowOf(line: number): number;
  /** The section whose header a line is. */
  headOf(line: number): Section | undefined;
  isFolded(section: Section): boolean;
}

/** Hidden lines `from` to before `to`, and how many are hidden before them. */
interface Gap {
  from: number;
  to: number;
  before: number;
}

/** `folded` holds what the user folded (true) or opened (false), by section; else the job's own wish counts. */
export function foldLines(log: TraceLog, folded: ReadonlyMap<Section, boolean>): Folding {
  const isFolded = (section: Section): boolean => folded.get(section) ?? section.collapsed;
  const heads = new Map<number, Section>();
  const hidden: Gap[] = [];
  for (const section of log.sections) {
    const head = log.lineOf(section.from);
    if (!heads.has(head)) heads.set(head, section);
    const end = section.to === undefined ? undefined : log.lineOf(section.to);
    if (isFolded(section)) hidden.push({ from: head + 1, to: end ?? log.lineCount, before: 0 });
    if (end !== undefined && end > head && section.endsAlone)
      hidden.push({ from: end, to: end + 1, before: 0 });
  }
  const gaps = join(hidden);
  const total = gaps.reduce((sum, { from, to }) => sum + to - from, 0);
  const rows = Math.max(0, log.lineCount - total);
  return {
    rows,
    lineAt(row) {
      const gap = gaps[search(gaps, ({ from, before }) => from - before <= row)];
      return gap ? row + gap.before + gap.to - gap.from : row;
    },
    rowOf(line) {
      const gap = gaps[search(gaps, ({ from }) => from <= line)];
      if (!gap) return line;
      return line < gap.to ? Math.max(0, gap.from - gap.before - 1) : line - gap.before - (gap.to - gap.from);
    },
    headOf: (line) => heads.get(line),
    isFolded,
  };
}

function join(hidden: Gap[]): Gap[] {
  const gaps: Gap[] = [];
  let before = 0;
  for (const { from, to } of hidden.sort((a, b) => a.from - b.from)) {
    if (to <= from) continue;
    const last = gaps.at(-1);
    if (last && from <= last.to) {
      before += Math.max(0, to - last.to);
      last.to = Math.max(last.to, to);
    } else {
      gaps.push({ from, to, before });
      before += to - from;
    }
  }
  return gaps;
}

/** Index of the last gap that satisfies; -1 for none. */
function search(gaps: readonly Gap[], is: (gap: Gap) => boolean): number {
  let [low, high] = [-1, gaps.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const gap = gaps[middle];
    if (gap && is(gap)) low = middle;
    else high = middle - 1;
  }
  return low;
}
