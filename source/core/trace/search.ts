import type { TraceLog } from './log.ts';

const window = 1 << 20;
/** More matching lines than anyone would step through. */
const most = 100_000;

/**
 * Looks for text in a log, a part at a time, and keeps the lines in which it is seen. Letters of ASCII match in either case
 * unless the text has a capital one, as in `less -i`. What a colour change splits is not found.
 */
export class LogSearch {
  readonly query: string;
  readonly isCaseSensitive: boolean;
  /** Ascending. */
  readonly lines: number[] = [];
  private readonly log: TraceLog;
  private readonly needle: Buffer;
  private readonly folded: string;
  private at = 0;

  constructor(log: TraceLog, query: string) {
    this.log = log;
    this.query = query;
    this.isCaseSensitive = /\p{Lu}/u.test(query);
    this.needle = Buffer.from(query, 'utf8');
    this.folded = this.needle.toString('latin1').toLowerCase();
  }

  /** Every byte there is was looked at. */
  get isDone(): boolean {
    return this.isCapped || this.at + this.needle.length > this.log.size;
  }

  /** There are more matching lines than are kept. */
  get isCapped(): boolean {
    return this.lines.length >= most;
  }

  /** Looks through so many bytes more. */
  advance(bytes: number): void {
    const stop = this.at + bytes;
    if (this.needle.length === 0) this.at = this.log.size + 1;
    while (!this.isDone && this.at < stop) this.step();
  }

  /** Offsets of the matches in a line's text, for marking them. */
  within(text: string): { readonly from: number; readonly to: number }[] {
    if (this.query === '') return [];
    const [hay, straw] = this.isCaseSensitive ? [text, this.query] : [lower(text), lower(this.query)];
    const found: { from: number; to: number }[] = [];
    for (let at = hay.indexOf(straw); at >= 0; at = hay.indexOf(straw, at + straw.length))
      found.push({ from: at, to: at + straw.length });
    return found;
  }

  private step(): void {
    const { log, needle } = this;
    const end = Math.min(log.size, this.at + window);
    const bytes = log.chunks.slice(this.at, end);
    const find = this.isCaseSensitive ? finder(bytes, needle) : foldedFinder(bytes, this.folded);
    let from = 0;
    for (let hit = find(0); hit >= 0 && !this.isCapped; hit = find(from)) {
      const line = log.lineOf(this.at + hit);
      if (this.lines.at(-1) !== line && this.isSeen(line)) this.lines.push(line);
      from = Math.max(hit + 1, log.offsetOf(line + 1) - this.at);
      if (from >= bytes.length) break;
    }
    this.at = Math.max(this.at + from, end - needle.length + 1, this.at + 1);
  }

  /** Whether the match is in what is shown, and not in an escape sequence or in what was overwritten. */
  private isSeen(line: number): boolean {
    return this.within(this.log.text(line)).length > 0 || this.log.line(line).cut > 0;
  }
}

function finder(bytes: Buffer, needle: Buffer): (from: number) => number {
  return (from) => bytes.indexOf(needle, from);
}

function foldedFinder(bytes: Buffer, needle: string): (from: number) => number {
  const text = bytes.toString('latin1').toLowerCase();
  return (from) => text.indexOf(needle, from);
}

/** Lower case of ASCII alone, so that offsets stay. */
function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}
