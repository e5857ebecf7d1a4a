import { isMap } from 'yaml';
import type { CiFiles, Configuration, Node, Span } from '../model.ts';
import { get } from '../yaml/node.ts';
import { rangeOf, topLevel } from './source.ts';

/** Where a value is written: the job, hidden job or other top-level key that holds it, in a file. */
export interface Origin {
  readonly owner: string;
  readonly file: string;
}

/** The resolved value of a job's keyword, or of a part of one. */
export function valueAt(
  configuration: Configuration,
  job: string,
  path: readonly string[],
): Node | undefined {
  const keywords = configuration.jobs.get(job)?.keywords ?? configuration.root.entries.get(job)?.value;
  return path.reduce<Node | undefined>((node, key) => get(node, key), keywords);
}

/** Where a resolved value is written; undefined when its file does not hold it at its top level. */
export function originOf(files: CiFiles, { span }: Node): Origin | undefined {
  const text = files.read(span.file);
  const top = text === undefined ? undefined : topLevel(text);
  if (text === undefined || !top) return undefined;
  const offset = Buffer.from(text).subarray(0, span.start).toString().length;
  const pair = top.items.find(({ key, value }) => {
    const [start] = rangeOf(key);
    const [, end] = rangeOf(value);
    return start <= offset && offset < end;
  });
  return pair && isMap(pair.value) ? { owner: String(pair.key), file: span.file } : undefined;
}

/** Visible jobs for which the same value, by where it is written, holds. */
export function usersOf(configuration: Configuration, path: readonly string[], { span }: Node): string[] {
  return [...configuration.jobs.keys()].filter((job) => {
    const other = valueAt(configuration, job, path)?.span;
    return other !== undefined && isSame(other, span);
  });
}

function isSame(a: Span, b: Span): boolean {
  return a.file === b.file && a.start === b.start && a.end === b.end;
}
