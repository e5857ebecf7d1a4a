import { duration } from '../../source/core/text/format.ts';
import type { Folding } from '../../source/core/trace/folding.ts';
import type { TraceLog } from '../../source/core/trace/log.ts';
import type { LogSearch } from '../../source/core/trace/search.ts';
import type { Section } from '../../source/core/trace/sections.ts';
import { span, type Tone } from '../text/line.ts';
import type { Marks } from '../text/marks.ts';
import { cells, cut, partStarts } from '../text/width.ts';
import type { Theme } from '../theme.ts';
import { paintSegments } from './paint.ts';
import type { Spot } from './spots.ts';

export interface RowOptions {
  readonly log: TraceLog;
  readonly folding: Folding;
  readonly theme: Theme;
  readonly marks: Marks;
  /** Cells of the whole row. */
  readonly width: number;
  readonly isWrapped: boolean;
  readonly hasStamps: boolean;
  /** Cells that unwrapped lines are scrolled by. */
  readonly left: number;
  readonly cursor: Spot;
  /** First and last marked line. */
  readonly marked: readonly [number, number] | undefined;
  readonly search: LogSearch | undefined;
  /** Milliseconds since the epoch, for how long an open section runs. */
  readonly now: number;
}

/** Cells before the text: cursor, fold mark, and a blank. */
const gutter = 3;
/** `12:34:56.789 ` */
const stampWidth = 13;

/** Cells that are left for the text of a line. */
export function textWidth(width: number, hasStamps: boolean): number {
  return Math.max(1, width - gutter - (hasStamps ? stampWidth : 0));
}

/** A row of the log as exactly `width` cells. */
export function paintRow(spot: Spot, options: RowOptions): string {
  const { log, folding, theme, width, cursor, marked, search } = options;
  const line = log.line(spot.line);
  const head = spot.part === 0 ? folding.headOf(spot.line) : undefined;
  const isCursor = spot.line === cursor.line && spot.part === cursor.part;
  const isMarked = marked !== undefined && spot.line >= marked[0] && spot.line <= marked[1];
  const before = [mark(isCursor, isMarked, options), foldMark(head, options), span(' ')];
  const prefix = theme.paint(before, gutter);
  const stamp = options.hasStamps
    ? theme.paint(
        [span(spot.part === 0 ? (line.stamp?.time.slice(11, 23) ?? '') : '', stampTone(line.stamp))],
        stampWidth,
      )
    : '';
  const room = textWidth(width, options.hasStamps);
  const end = head ? sectionEnd(head, options.now) : '';
  const cutNote = line.cut > 0 ? ` [${line.cut} bytes more]` : '';
  const note = end + (options.isWrapped ? '' : cutNote);
  const isFull = options.isWrapped && cells(line.text) > room - note.length;
  const take = note !== '' && !isFull && room > note.length + 12 ? note : '';
  const text = paintSegments(line.segments, {
    level: theme.level,
    width: room - take.length,
    part: partOf(line.text, spot, room - take.length, options),
    matches: search?.within(line.text) ?? [],
  });
  return `${prefix}${stamp}${text}${take === '' ? '' : theme.paint([span(take, 'dim')], take.length)}`;
}

function partOf(text: string, { part }: Spot, room: number, options: RowOptions) {
  if (!options.isWrapped) {
    const from = cut(text, options.left).length;
    return { from, to: from + cut(text.slice(from), room).length };
  }
  const starts = partStarts(text, textWidth(options.width, options.hasStamps));
  const from = starts[part] ?? 0;
  const to = starts[part + 1] ?? text.length;
  return { from, to: from + cut(text.slice(from, to), room).length };
}

function mark(isCursor: boolean, isMarked: boolean, { theme }: RowOptions) {
  if (isCursor) return span(theme.glyphs.selected, 'accent');
  return span(isMarked ? theme.glyphs.marked : ' ', 'accent');
}

function foldMark(head: Section | undefined, { folding, marks }: RowOptions) {
  if (!head) return span(' ');
  return span(folding.isFolded(head) ? marks.folded : marks.open, 'info');
}

function stampTone(stamp: { readonly stream: string } | undefined): Tone {
  return stamp?.stream === 'stderr' ? 'warn' : 'dim';
}

/** How long a section took, or has run so far. */
function sectionEnd({ startedAt, endedAt, hideDuration }: Section, now: number): string {
  if (hideDuration) return '';
  const seconds = (endedAt ?? now / 1_000) - startedAt;
  if (!(seconds >= 0) || seconds > 30 * 86_400) return '';
  return ` ${duration(seconds)}${endedAt === undefined ? ' so far' : ''}`;
}
