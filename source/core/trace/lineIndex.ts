import type { Chunks } from './chunks.ts';
import { continuesAt, stampLength } from './timestamp.ts';

const lineFeed = 0x0a;
/** Only the start of every so many lines is kept; those between are found by looking for line feeds. */
const stride = 32;

/** Where the lines of a growing log begin. A line that goes on the one before it, by its stamp, begins none. */
export class LineIndex {
  private readonly chunks: Chunks;
  private readonly isStamped: () => boolean;
  /** Starts of lines 0, 32, 64, …. */
  private marks = new Float64Array(1_024);
  /** Lines that are known for good, and where the one behind them begins. */
  private known = 0;
  private end = 0;
  /** No undecided line feed stands before it. */
  private scanned = 0;
  /** A line feed behind which too little has come to tell whether the line goes on; -1 for none. */
  private undecided = -1;
  private near = { line: 0, start: 0 };

  constructor(chunks: Chunks, isStamped: () => boolean) {
    this.chunks = chunks;
    this.isStamped = isStamped;
  }

  /** Lines that there are; the last may still grow. */
  get count(): number {
    const { known, end, undecided, chunks } = this;
    if (undecided >= 0) return known + (undecided + 1 < chunks.length ? 2 : 1);
    return known + (end < chunks.length ? 1 : 0);
  }

  /** Takes in what was appended. O(bytes that are new). */
  update(): void {
    const { chunks } = this;
    for (;;) {
      const feed = this.undecided >= 0 ? this.undecided : chunks.indexOf(lineFeed, this.scanned);
      this.undecided = -1;
      if (feed < 0) {
        this.scanned = chunks.length;
        return;
      }
      this.scanned = feed + 1;
      if (this.isStamped()) {
        if (feed + 1 + stampLength > chunks.length) {
          this.undecided = feed;
          return;
        }
        if (this.continues(feed + 1)) continue;
      }
      this.mark(this.end);
      this.end = feed + 1;
    }
  }

  /** Offset of the first byte of a line. */
  start(line: number): number {
    if (line >= this.known) {
      if (line === this.known) return this.end;
      return line === this.known + 1 && this.undecided >= 0 ? this.undecided + 1 : this.chunks.length;
    }
    const ahead = line - this.near.line;
    const isNear = ahead >= 0 && ahead < line % stride;
    let at = isNear ? this.near.start : (this.marks[Math.floor(line / stride)] ?? 0);
    for (let left = isNear ? ahead : line % stride; left > 0; left -= 1) at = this.lineEnd(at) + 1;
    this.near = { line, start: at };
    return at;
  }

  /** The bytes of a line, from its first to before its line feed. */
  range(line: number): { from: number; to: number } {
    const from = this.start(line);
    if (line < this.known) return { from, to: this.lineEnd(from) };
    const to = line === this.known && this.undecided >= 0 ? this.undecided : this.chunks.length;
    return { from, to };
  }

  /** The line that holds the byte at `at`. */
  lineOf(at: number): number {
    if (at >= this.end) {
      const isLast = this.undecided >= 0 && at > this.undecided;
      return Math.max(0, Math.min(this.count - 1, this.known + (isLast ? 1 : 0)));
    }
    let [low, high] = [0, Math.ceil(this.known / stride) - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.marks[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    let line = low * stride;
    for (let end = this.lineEnd(this.marks[low] ?? 0); end < at; end = this.lineEnd(end + 1)) line += 1;
    return line;
  }

  /** Offset of the line feed that ends the line which begins at `from`, one of the known lines. */
  private lineEnd(from: number): number {
    let at = this.chunks.indexOf(lineFeed, from);
    while (this.isStamped() && this.continues(at + 1)) at = this.chunks.indexOf(lineFeed, at + 1);
    return at;
  }

  private continues(at: number): boolean {
    if (this.chunks.byteAt(at + stampLength - 1) !== 0x2b) return false;
    return continuesAt(this.chunks.slice(at, at + stampLength), 0);
  }

  private mark(at: number): void {
    if (this.known % stride === 0) {
      const index = this.known / stride;
      if (index === this.marks.length) {
        const wider = new Float64Array(this.marks.length * 2);
        wider.set(this.marks);
        this.marks = wider;
      }
      this.marks[index] = at;
    }
    this.known += 1;
  }
}
