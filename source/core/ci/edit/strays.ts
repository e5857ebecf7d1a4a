import { stringify } from 'yaml';
import type { Configuration } from '../model.ts';
import { type Plain, plain } from '../yaml/node.ts';
import type { JobEdit } from './model.ts';
import { valueAt } from './origin.ts';
import { meaningOf } from './write.ts';

/** A keyword that is not what the edits of it were to give. */
export interface Stray {
  readonly job: string;
  readonly keyword: string;
  /** What it was to be; undefined for nothing. */
  readonly wanted: Plain | undefined;
}

/** Keywords of the edited jobs that came out other than meant. */
export function straysOf(before: Configuration, after: Configuration, edits: readonly JobEdit[]): Stray[] {
  const wanted = new Map<string, Stray>();
  for (const edit of edits) {
    if (edit.kind === 'text') continue;
    const { job, path } = edit;
    const [keyword] = path;
    const id = `${job}\0${keyword}`;
    const found = valueAt(before, job, [keyword]);
    const known = wanted.get(id) ?? { job, keyword, wanted: found && plain(found) };
    const value = edit.kind === 'set' ? meaningOf(edit.yaml) : undefined;
    wanted.set(id, { ...known, wanted: withValue(known.wanted, path.slice(1), value) });
  }
  return [...wanted.values()].filter(({ job, keyword, wanted: value }) => {
    const found = valueAt(after, job, [keyword]);
    return JSON.stringify(sorted(found && plain(found))) !== JSON.stringify(sorted(value));
  });
}

/** The edits with whole keywords in place of their parts, for those that came out other than meant. */
export function widened(edits: readonly JobEdit[], strays: readonly Stray[]): JobEdit[] {
  const isStray = (edit: JobEdit): boolean =>
    edit.kind !== 'text' &&
    strays.some(({ job, keyword }) => edit.job === job && edit.path[0] === keyword && edit.path.length > 1);
  const wide = strays.flatMap(({ job, keyword, wanted }): JobEdit[] =>
    wanted === undefined || !edits.some((edit) => isStray(edit) && edit.kind !== 'text' && edit.job === job)
      ? []
      : [{ kind: 'set', job, path: [keyword], yaml: stringify(wanted, { lineWidth: 0 }).trimEnd() }],
  );
  return [...edits.filter((edit) => !isStray(edit)), ...wide];
}

function withValue(
  value: Plain | undefined,
  path: readonly string[],
  wanted: Plain | undefined,
): Plain | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return wanted;
  const fields = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  const inner = withValue(Object.hasOwn(fields, key) ? fields[key] : undefined, rest, wanted);
  const { [key]: _, ...others } = fields;
  return inner === undefined ? others : { ...fields, [key]: inner };
}

/** The same value with the keys of every mapping in order. */
function sorted(value: Plain | undefined): Plain | undefined {
  if (Array.isArray(value)) return value.map((item) => sorted(item) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([key, one]) => [key, sorted(one) ?? null]));
}
