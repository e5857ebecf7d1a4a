import { Chunks } from './chunks.ts';
import { decodeLine, type LogLine } from './decode.ts';
import { LineIndex } from './lineIndex.ts';
import { type Section, Sections } from './sections.ts';
import { noStyle, type Style } from './style.ts';
import { stampLength, stampOf } from './timestamp.ts';

/** How many lines before one are looked at for the style that it begins with. */
const lookBack = 40;
const keptLines = 512;
const resets = ['\u001B[0m', '\u001B[0;m', '\u001B[m'];

/** A job's trace: its bytes, held once, with what is needed to show any line of it at once. Lines count from 0. */
export class TraceLog {
  readonly chunks = new Chunks();
  private readonly index = new LineIndex(this.chunks, () => this.stamped);
  private readonly marks = new Sections(this.chunks);
  private readonly decoded = new Map<number, LogLine>();
  private isComplete = false;
  private isDecided = false;
  /** Every line has a stamp (FF_TIMESTAMPS), as the first one shows. */
  stamped = false;
  /** Grows with each change. */
  version = 0;

  /** Takes more bytes; `complete` when nothing will follow. */
  append(bytes: Uint8Array): void {
    const last = this.lineCount - 1;
    this.chunks.append(bytes);
    this.decide();
    this.update(last);
  }

  /** Nothing will follow. */
  complete(): void {
    this.isComplete = true;
    this.decide();
    this.update(this.lineCount - 1);
  }

  get size(): number {
    return this.chunks.length;
  }

  get lineCount(): number {
    return this.index.count;
  }

  get sections(): readonly Section[] {
    return this.marks.list;
  }

  /** The line as it is shown; kept for a while, since the same lines are drawn again. */
  line(line: number): LogLine {
    const known = this.decoded.get(line);
    if (known) return known;
    const decoded = this.decode(line, this.styleBefore(line));
    if (this.decoded.size >= keptLines) this.decoded.clear();
    this.decoded.set(line, decoded);
    return decoded;
  }

  /** The text of a line, without asking what style it begins with. */
  text(line: number): string {
    return this.decoded.get(line)?.text ?? this.decode(line, noStyle).text;
  }

  /** The bytes of a line as they came. */
  bytes(line: number): Buffer {
    const { from, to } = this.index.range(line);
    return this.chunks.slice(from, to);
  }

  lineOf(offset: number): number {
    return this.index.lineOf(offset);
  }

  /** Offset of a line's first byte. */
  offsetOf(line: number): number {
    return this.index.start(line);
  }

  private decode(line: number, style: Style): LogLine {
    return decodeLine(this.bytes(line), { stamped: this.stamped, style });
  }

  /** Styles run on over lines: looked for from the last reset, not farther than a screen back. */
  private styleBefore(line: number): Style {
    const before = this.decoded.get(line - 1);
    if (before) return before.style;
    let from = line;
    while (from > 0 && line - from < lookBack) {
      from -= 1;
      const bytes = this.bytes(from);
      if (resets.some((reset) => bytes.includes(reset, 0, 'latin1'))) break;
    }
    let style = noStyle;
    for (let at = from; at < line; at += 1) style = this.decode(at, style).style;
    return style;
  }

  private decide(): void {
    if (this.isDecided) return;
    const first = this.chunks.slice(0, stampLength);
    if (first.length < stampLength && !this.isComplete && !first.includes(0x0a)) return;
    this.isDecided = true;
    this.stamped = stampOf(first.toString('latin1')) !== undefined;
  }

  private update(last: number): void {
    if (!this.isDecided) return;
    this.index.update();
    this.marks.update(this.isComplete);
    for (let line = Math.max(0, last - 1); line <= last + 1; line += 1) this.decoded.delete(line);
    this.version += 1;
  }
}
