import type { FailureView, Part } from '../datum.ts';
import { plain } from '../text/safe.ts';

/** What one command of a script on a host said; both outputs in one. */
export interface Section {
  readonly name: string;
  /** Undefined when the script was cut off within it. */
  readonly status?: number;
  readonly text: string;
}

/**
 * Parts the output of a script whose commands are framed as `MARK name` … `MARK = status`. The mark is random for each run,
 * so that no output can forge a frame.
 */
export function parseSections(output: string, mark: string): readonly Section[] {
  const sections: { name: string; status?: number; lines: string[] }[] = [];
  for (const line of output.split('\n')) {
    const current = sections.at(-1);
    if (!line.startsWith(`${mark} `)) current?.lines.push(line);
    else if (!line.startsWith(`${mark} = `)) sections.push({ name: line.slice(mark.length + 1), lines: [] });
    else if (current && current.status === undefined) current.status = Number(line.slice(mark.length + 3));
  }
  return sections.map(({ name, status, lines }) => ({
    name,
    text: lines.join('\n').trim(),
    ...(status === undefined ? {} : { status }),
  }));
}

/** A part that could not be read. */
export function failed(view: FailureView): { readonly failure: FailureView } {
  return { failure: view };
}

/** Exit status of the program `timeout` when the time was over. */
const endedByTimeout = 124;

/** The failure of a command that ended badly, or whose words are not understood. */
export function notUnderstood(
  tried: string,
  section: Section | undefined,
): { readonly failure: FailureView } {
  const text = section === undefined ? 'it was not run' : plain(section.text, 300) || 'it said nothing';
  const isOver = section?.status === endedByTimeout;
  return failed({
    kind: 'unavailable',
    tried,
    saw: isOver ? 'it did not end in time' : section?.status ? `exit ${section.status}: ${text}` : text,
    next: [`Run it on the host to see what it says: ${tried}`],
    code: isOver ? 'timeout' : section?.status ? 'command-failed' : 'not-understood',
  });
}

/** A part from what a parser made of a section; it is a failure when the parser made nothing of it. */
export function partOf<T>(
  tried: string,
  section: Section | undefined,
  parse: (text: string) => T | undefined,
): Part<T> {
  const value = section === undefined || section.status !== 0 ? undefined : parse(section.text);
  return value === undefined ? notUnderstood(tried, section) : { value };
}

/** The fields of a JSON object, or nothing: text from outside may be anything. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
