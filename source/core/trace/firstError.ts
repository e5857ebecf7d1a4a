import type { TraceLog } from './log.ts';

const window = 1 << 20;
const overlap = 64;

/** In lower case, what lines that tell of a failure hold; each is then looked at more closely. */
const words = [
  'error:',
  'error[',
  'error ',
  'fatal:',
  'panic:',
  'failed',
  'fail ',
  'traceback (most',
  'command not found',
  'undefined reference',
  'segmentation fault',
  'out of memory',
  'no space left',
  'exception in thread',
  'assertionerror',
  'npm err!',
  '\u2716',
];

const told: readonly RegExp[] = [
  /(?:^|[\s\]>:(\u2502|])(?:fatal |internal compiler |syntax |type|reference|value|runtime|assertion|import|name|key|module(?:notfound))?error(?:\[[\w./-]+\])?:\s*\S/i,
  /^(?:error|npm error|npm err!)\s+\S/i,
  /(?:^|\s)(?:fatal|panic):\s/i,
  /^\s*(?:FAIL(?:ED)?|✖|✗|×)\b.{0,200}\S/u,
  /^\s*✖/u,
  /\b(?:build|tests?|command|compilation|assertion) failed\b(?!\s*[:=]?\s*0\b)/i,
  /^Traceback \(most recent call last\)/,
  /: command not found$/,
  /\bundefined reference to\b/,
  /\b(?:Segmentation fault|Out of memory|No space left on device)\b/i,
  /^Exception in thread/,
];

/** The runner's own last word; it says that, but not why. */
const lastWord = /^ERROR: Job failed/;

/** Sections of what the job itself runs, before its `after_script`. */
const script = /^(?:step|build)_script$/;

/**
 * The line at which a failure is told of first. When nothing but the runner's verdict tells of one, the last line of the script: what
 * it stopped at; without such a section the verdict. Undefined when there is none.
 */
export class FirstError {
  private readonly log: TraceLog;
  private at = 0;
  private verdict: number | undefined;
  /** Found and final. */
  line: number | undefined;

  constructor(log: TraceLog) {
    this.log = log;
  }

  get isDone(): boolean {
    return this.line !== undefined || this.at >= this.log.size;
  }

  /** The best answer so far. */
  get best(): number | undefined {
    return this.line ?? (this.verdict === undefined ? undefined : (this.lastOfScript() ?? this.verdict));
  }

  private lastOfScript(): number | undefined {
    const section = this.log.sections.findLast(({ name, to }) => script.test(name) && to !== undefined);
    if (!section) return undefined;
    const first = this.log.lineOf(section.from);
    for (let line = this.log.lineOf(section.to ?? section.from) - 1; line > first; line -= 1)
      if (this.log.text(line).trim() !== '') return line;
    return undefined;
  }

  /** Looks through so many bytes more. */
  advance(bytes: number): void {
    const stop = this.at + bytes;
    while (!this.isDone && this.at < stop) this.step();
  }

  private step(): void {
    const end = Math.min(this.log.size, this.at + window);
    const text = this.log.chunks.slice(this.at, end).toString('latin1').toLowerCase();
    const next = words.map((word) => text.indexOf(Buffer.from(word, 'utf8').toString('latin1')));
    for (;;) {
      let [hit, which] = [Number.POSITIVE_INFINITY, -1];
      for (const [index, at] of next.entries()) if (at >= 0 && at < hit) [hit, which] = [at, index];
      if (which < 0) break;
      const line = this.log.lineOf(this.at + hit);
      if (this.take(line)) return;
      const after = Math.max(hit + 1, this.log.offsetOf(line + 1) - this.at);
      for (const [index, at] of next.entries()) {
        if (at >= 0 && at < after)
          next[index] = text.indexOf(Buffer.from(words[index] ?? '', 'utf8').toString('latin1'), after);
      }
    }
    this.at = end >= this.log.size ? end : end - overlap;
  }

  private take(line: number): boolean {
    const text = this.log.text(line);
    if (lastWord.test(text)) this.verdict ??= line;
    else if (told.some((pattern) => pattern.test(text))) this.line = line;
    return this.line !== undefined;
  }
}
