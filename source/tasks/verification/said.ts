import { plain } from '../../core/text/safe.ts';

type Stream = 'stdout' | 'stderr';

/** What counts of an output, as clean text. */
export interface Said {
  /** The lines that were asked for, in order. */
  readonly lines: readonly string[];
  /** The last line that says something: of standard error, or else of standard output. */
  readonly last: string;
}

/** Of a line without an end, its end is kept. */
const longest = 16_384;
const most = 100_000;

/**
 * Keeps what counts of an output of any length, as it comes: a build prints more than is kept of it as a whole, and says at its
 * end what it did.
 */
export function listen(wanted: RegExp): {
  readonly hear: (text: string, stream: Stream) => void;
  readonly said: () => Said;
} {
  const rest = { stdout: '', stderr: '' };
  const last = { stdout: '', stderr: '' };
  const lines: string[] = [];
  const take = (line: string, stream: Stream): void => {
    if (line.trim() === '') return;
    const text = plain(line).trim();
    if (text !== '') last[stream] = text;
    if (wanted.test(text) && lines.length < most) lines.push(text);
  };
  return {
    hear(text, stream) {
      const [first = '', ...more] = text.split('\n');
      rest[stream] += first;
      for (const next of more) {
        take(rest[stream], stream);
        rest[stream] = next;
      }
      rest[stream] = rest[stream].slice(-longest);
    },
    said() {
      for (const stream of ['stdout', 'stderr'] as const) {
        take(rest[stream], stream);
        rest[stream] = '';
      }
      return { lines, last: last.stderr || last.stdout };
    },
  };
}
