import { type Marker, markerAt } from './marker.ts';
import { applySgr, noStyle, type Segment, type Style } from './style.ts';
import { type Stamp, stampLength, stampOf } from './timestamp.ts';

/** A line of a log as it is shown. */
export interface LogLine {
  readonly segments: readonly Segment[];
  /** The segments' text joined. */
  readonly text: string;
  readonly stamp?: Stamp;
  readonly markers: readonly Marker[];
  /** The style that the next line begins with. */
  readonly style: Style;
  /** Bytes of the line that were left out for its length. */
  readonly cut: number;
}

export interface DecodeOptions {
  /** The trace has FF_TIMESTAMPS; decided by its first line. */
  readonly stamped: boolean;
  /** The style that the line begins with. */
  readonly style?: Style;
}

/** The most of a line that is decoded. */
export const longestLine = 64 * 1024;

const decoder = new TextDecoder();

/** Escape sequences, whole or cut short, and the control characters that move; everything else is text. */
const special =
  /\u001B\[([0-?]*)[ -/]*([@-~])?|\u001B[\]PX^_][^\u0007\u001B\n]*(?:\u0007|\u001B\\)?|\u001B[ -/]*[0-~]?|[\r\n\b]|\u009B[0-?]*[ -/]*[@-~]?|[\u0090\u0098\u009D-\u009F][^\u0007\u001B\u009C\n]*[\u0007\u009C]?/g;

/** Control, format and line-separating characters, halves of pairs, and marks of emoji whose width terminals do not agree on. */
const hidden = /[\p{Cc}\p{Cf}\u2028\u2029\p{Cs}\u115F\u1160\u3164\uFFA0]|\uFE0E|\uFE0F|\p{Emoji_Modifier}/gu;

const tabStop = 8;
const carriageReturn = 0x0d;

/**
 * Reads a line of a job's trace, without its line feed: CR clears the line (as GitLab's web view does), BS takes a
 * character back, EL clears, SGR styles; anything else that steers a terminal is dropped. Takes any bytes.
 */
export function decodeLine(bytes: Uint8Array, options: DecodeOptions): LogLine {
  const { shown, stamp: first, cut } = visiblePart(bytes);
  const text = decoder.decode(shown);
  const stamp = options.stamped ? stampOf(decoder.decode(first)) : undefined;
  const line = new LineBuilder(options.style ?? noStyle);
  const markers: Marker[] = [];
  let at = options.stamped && stampOf(text) ? stampLength : 0;
  while (at < text.length) {
    const marker = nextMarker(text, at);
    line.write(text.slice(at, marker?.from ?? text.length), options.stamped);
    if (!marker) break;
    markers.push(marker);
    line.clear();
    at = marker.to;
  }
  const segments = line.finish();
  return {
    segments,
    text: segments.map((segment) => segment.text).join(''),
    ...(stamp ? { stamp } : {}),
    markers,
    style: line.style,
    cut,
  };
}

/** Drops what later bytes of the line overwrite, and what is beyond all screens; the stamp stays. */
function visiblePart(bytes: Uint8Array): { shown: Uint8Array; stamp: Uint8Array; cut: number } {
  const stamp = bytes.subarray(0, stampLength);
  if (bytes.length <= longestLine) return { shown: bytes, stamp, cut: 0 };
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === carriageReturn) end -= 1;
  const start = Math.max(0, bytes.subarray(0, end).lastIndexOf(carriageReturn));
  const shown = bytes.subarray(start, Math.min(end, start + longestLine));
  return { shown, stamp, cut: end - start - shown.length };
}

function nextMarker(text: string, from: number): Marker | undefined {
  for (let at = text.indexOf('section_', from); at >= 0; at = text.indexOf('section_', at + 8)) {
    const begin = text.startsWith('\u001B[0K', at - 4) && at - 4 >= from ? at - 4 : at;
    const marker = markerAt(text, begin);
    if (marker) return marker;
  }
  return undefined;
}

class LineBuilder {
  style: Style;
  private segments: Segment[] = [];
  private width = 0;

  constructor(style: Style) {
    this.style = style;
  }

  /** Text with escapes. A line feed stands before a continuation, whose stamp goes. */
  write(text: string, isStamped: boolean): void {
    let from = 0;
    for (const match of text.matchAll(special)) {
      if (match.index < from) continue;
      this.put(text.slice(from, match.index));
      from = match.index + match[0].length;
      const [all, parameters = '', final] = match;
      if (all === '\r') this.returnCarriage(text, from);
      else if (all === '\b') this.back();
      else if (all === '\n')
        from += isStamped && stampOf(text.slice(from, from + stampLength)) ? stampLength : 0;
      else if (final === 'm') this.style = applySgr(this.style, parameters);
      else if (final === 'K' && (parameters === '1' || parameters === '2')) this.clear();
    }
    this.put(text.slice(from));
  }

  clear(): void {
    this.segments = [];
    this.width = 0;
  }

  finish(): Segment[] {
    return this.segments;
  }

  /** CRs before the line's end are part of it. */
  private returnCarriage(text: string, from: number): void {
    for (let at = from; at < text.length; at += 1) {
      const next = text[at];
      if (next === '\n') return;
      if (next === '\r') continue;
      this.clear();
      return;
    }
  }

  private put(raw: string): void {
    if (raw === '') return;
    let text = raw.replace(hidden, (found) => (found === '\t' ? '\t' : ''));
    if (text.includes('\t')) text = this.expand(text);
    if (text === '') return;
    this.width += text.length;
    const last = this.segments.at(-1);
    if (last?.style === this.style)
      this.segments[this.segments.length - 1] = { text: last.text + text, style: last.style };
    else this.segments.push({ text, style: this.style });
  }

  private expand(text: string): string {
    let [result, column] = ['', this.width];
    for (const part of text.split(/(\t)/)) {
      const put = part === '\t' ? ' '.repeat(tabStop - (column % tabStop)) : part;
      result += put;
      column += put.length;
    }
    return result;
  }

  private back(): void {
    const last = this.segments.pop();
    if (!last) return;
    const size = /[\uDC00-\uDFFF]/.test(last.text.slice(-1)) ? 2 : 1;
    const rest = last.text.slice(0, -size);
    this.width -= last.text.length - rest.length;
    if (rest !== '') this.segments.push({ text: rest, style: last.style });
  }
}
