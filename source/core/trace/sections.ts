import type { Chunks } from './chunks.ts';
import { longestMarker, type Marker, markerAt } from './marker.ts';

/** A section of the log. */
export interface Section {
  readonly name: string;
  /** Sections that it is in. */
  readonly depth: number;
  /** Offset of its start marker; its header is the rest of that line. */
  readonly from: number;
  /** Offset of its end marker, and of what follows it; absent while it is open. */
  to?: number;
  after?: number;
  /** The end marker stands alone on its line, which then is not shown. */
  endsAlone?: boolean;
  /** Seconds since the epoch. */
  readonly startedAt: number;
  endedAt?: number;
  /** The job wants it folded at first. */
  readonly collapsed: boolean;
  readonly hideDuration: boolean;
}

/** More sections than a person would ever open; further ones are shown as plain lines. */
const most = 20_000;
const window = 1 << 20;
const word = 'section_';

/** Finds the sections of a growing log. An end closes the newest open section of its name, and what is open within it. */
export class Sections {
  private readonly chunks: Chunks;
  private readonly open: Section[] = [];
  private scanned = 0;
  readonly list: Section[] = [];

  constructor(chunks: Chunks) {
    this.chunks = chunks;
  }

  /** Takes in what was appended; `isComplete` when nothing more will come. */
  update(isComplete: boolean): void {
    const { chunks } = this;
    while (this.scanned < chunks.length && this.list.length < most) {
      const bytes = chunks.slice(this.scanned, this.scanned + window);
      const isLast = this.scanned + bytes.length >= chunks.length;
      const limit = isLast && isComplete ? bytes.length : bytes.length - longestMarker;
      const used = this.scan(bytes, limit);
      this.scanned += used;
      if (isLast) {
        if (used === 0 || !isComplete) return;
        if (used >= bytes.length) return;
      }
    }
  }

  /** Looks for markers that begin before `limit`; gives how many bytes are done with. */
  private scan(bytes: Buffer, limit: number): number {
    let at = 0;
    for (;;) {
      const found = bytes.indexOf(word, at, 'latin1');
      if (found < 0 || found >= limit) return Math.max(at, Math.min(limit, bytes.length), 0);
      const text = bytes.toString('latin1', found, found + longestMarker);
      const marker = markerAt(text, 0);
      at = found + (marker?.to ?? word.length);
      if (marker) this.take(marker, this.scanned + found, isLineEnd(text, marker.to));
      if (at >= limit) return at;
    }
  }

  private take(marker: Marker, at: number, endsAlone: boolean): void {
    if (marker.kind === 'start') {
      if (this.list.length >= most) return;
      const section: Section = {
        name: marker.name,
        depth: this.open.length,
        from: at,
        startedAt: marker.at,
        collapsed: marker.collapsed,
        hideDuration: marker.hideDuration,
      };
      this.list.push(section);
      this.open.push(section);
      return;
    }
    const index = this.open.findLastIndex(({ name }) => name === marker.name);
    if (index < 0) return;
    for (const section of this.open.splice(index)) {
      section.to = at;
      section.after = at + marker.to;
      section.endsAlone = endsAlone;
      section.endedAt = marker.at;
    }
  }
}

/** Whether nothing but escape sequences and carriage returns stands between `at` and the end of the line. */
function isLineEnd(text: string, at: number): boolean {
  return /^(?:\u001B\[[0-9;]*[mK]|\r)*(?:\n|$)/.test(text.slice(at));
}
