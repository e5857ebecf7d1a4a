import type { CiFiles, Configuration, Place } from '../model.ts';
import type { Edited, EditedFile, JobEdit } from './model.ts';
import { originOf, usersOf, valueAt } from './origin.ts';
import { type Stray, straysOf, widened } from './strays.ts';
import { defines, removeKeyword, writeKeyword } from './write.ts';

export interface Editing {
  readonly files: CiFiles;
  readonly configuration: Configuration;
  /** Reads the configuration anew from other files. */
  readonly resolve: (files: CiFiles) => Configuration;
}

/**
 * Makes edits, each byte around them kept. What several jobs take from one template is changed there when the edits name
 * all of them, else in the job alone. Held against the resolved configuration afterwards: an edit that does not give the
 * value it is to give refuses them all.
 */
export function editConfiguration(editing: Editing, edits: readonly JobEdit[]): Edited {
  const first = attempt(editing, edits);
  if ('refused' in first || first.strays.length === 0) return withoutStrays(first);
  // A part of a value that the job takes from elsewhere: the job then needs the whole of it.
  const second = attempt(editing, widened(edits, first.strays));
  if ('refused' in second || second.strays.length === 0) return withoutStrays(second);
  const [stray] = second.strays;
  const edit = edits.find((one): one is KeywordEdit => one.kind !== 'text' && one.job === stray?.job);
  return edit
    ? refuse(edit, 'another place of the configuration decides over it', placeOf(editing, edit))
    : withoutStrays(second);
}

type Attempt = { readonly files: readonly EditedFile[]; readonly strays: readonly Stray[] };
type Refusal = Extract<Edited, { refused: string }>;

function withoutStrays(attempted: Attempt | Refusal): Edited {
  return 'refused' in attempted ? attempted : { files: attempted.files };
}

function attempt(editing: Editing, edits: readonly JobEdit[]): Attempt | Refusal {
  const texts = new Map<string, string>();
  const files = overlay(editing.files, texts);
  const problem =
    writeTexts(files, texts, edits) ??
    writeKeywords({ ...editing, files, read: editing.files }, texts, edits);
  if (problem) return problem;
  const edited = [...texts].flatMap(([path, after]): EditedFile[] => {
    const before = editing.files.read(path) ?? '';
    return before === after ? [] : [{ path, before, after }];
  });
  const after = editing.resolve(overlay(editing.files, texts));
  return { files: edited, strays: straysOf(editing.configuration, after, edits) };
}

/** The files with other texts for some. */
export function overlay(files: CiFiles, texts: ReadonlyMap<string, string>): CiFiles {
  return {
    read: (path) => texts.get(path) ?? files.read(path),
    list: () => [...new Set([...files.list(), ...texts.keys()])],
  };
}

type TextEdit = Extract<JobEdit, { kind: 'text' }>;
type KeywordEdit = Exclude<JobEdit, TextEdit>;

function writeTexts(
  files: CiFiles,
  texts: Map<string, string>,
  edits: readonly JobEdit[],
): Refusal | undefined {
  const pieces = edits.filter((edit) => edit.kind === 'text').sort((a, b) => b.start - a.start);
  for (const { file, start, end, text } of pieces) {
    const before = files.read(file);
    if (before === undefined) return { refused: `${file} is not there`, paste: [text] };
    const bytes = Buffer.from(before);
    const eol = before.includes('\r\n') ? '\r\n' : '\n';
    const middle = Buffer.from(text.replace(/\r?\n/g, eol));
    texts.set(file, Buffer.concat([bytes.subarray(0, start), middle, bytes.subarray(end)]).toString());
  }
  return undefined;
}

/** With the files as they were when the configuration was read from them: where its values are written. */
interface Writing extends Editing {
  readonly read: CiFiles;
}

function writeKeywords(
  editing: Writing,
  texts: Map<string, string>,
  edits: readonly JobEdit[],
): Refusal | undefined {
  const done = new Set<JobEdit>();
  for (const edit of edits) {
    if (edit.kind === 'text' || done.has(edit)) continue;
    const users = usersOfValue(editing, edit);
    // The same value may be written in other places too: each is one of its own.
    const peers = edits.filter(
      (other): other is KeywordEdit => isPeer(other, edit) && users.includes(other.job),
    );
    const shared = edit.kind === 'set' ? sharedPlace(editing, edit, peers) : undefined;
    const [owner, file] = shared ?? [edit.job, ownFile(editing, edit)];
    const text = file === undefined ? undefined : editing.files.read(file);
    if (file === undefined || text === undefined)
      return refuse(edit, `no file defines ${edit.job}`, undefined);
    const after =
      edit.kind === 'set'
        ? writeKeyword(text, owner, edit.path, edit.yaml)
        : (removeKeyword(text, owner, edit.path) ?? text);
    if (after === undefined)
      return refuse(
        edit,
        'it is written in a form that others share or that is not known',
        placeOf(editing, edit),
      );
    texts.set(file, after);
    for (const one of shared ? peers : [edit]) done.add(one);
  }
  return undefined;
}

/** The same value for the same keyword of another job. */
function isPeer(other: JobEdit, edit: KeywordEdit): other is KeywordEdit {
  return (
    other.kind === 'set' &&
    edit.kind === 'set' &&
    other.yaml === edit.yaml &&
    other.path.join('\0') === edit.path.join('\0')
  );
}

/** The jobs that take the value from where this one does. */
function usersOfValue({ configuration }: Editing, { job, path }: KeywordEdit): readonly string[] {
  const node = valueAt(configuration, job, path);
  return node ? usersOf(configuration, path, node) : [];
}

/** The template in which the value is written, when every job that takes it from there is to change alike. */
function sharedPlace(
  { configuration, read }: Writing,
  { job, path }: KeywordEdit,
  peers: readonly KeywordEdit[],
): readonly [owner: string, file: string] | undefined {
  const node = valueAt(configuration, job, path);
  const origin = node && originOf(read, node);
  if (!node || !origin || origin.owner === job) return undefined;
  // What an anchor stands for may be in use elsewhere, under other keywords.
  if (valueAt(configuration, origin.owner, path)?.span.start !== node.span.start) return undefined;
  const named = new Set(peers.map((peer) => peer.job));
  if (usersOf(configuration, path, node).some((user) => !named.has(user))) return undefined;
  const isJob = configuration.root.entries.has(origin.owner) && origin.owner !== 'default';
  return isJob ? [origin.owner, origin.file] : undefined;
}

/** The file in which the job itself writes the keyword, or the last one that defines the job. */
function ownFile({ configuration, files, read }: Writing, { job, path }: KeywordEdit): string | undefined {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = valueAt(configuration, job, path.slice(0, depth));
    const origin = node && originOf(read, node);
    if (origin?.owner === job) return origin.file;
  }
  const last = (configuration.jobs.get(job)?.at ?? configuration.root.entries.get(job)?.key)?.file;
  const all = last === undefined ? configuration.files : [last, ...configuration.files];
  return all.find((file) => defines(files.read(file) ?? '', job));
}

function placeOf({ configuration }: Editing, { job, path }: KeywordEdit): Place | undefined {
  const span = valueAt(configuration, job, path)?.span ?? configuration.jobs.get(job)?.at;
  return span && { file: span.file, line: span.line, column: span.column };
}

function refuse(edit: KeywordEdit, why: string, at: Place | undefined): Refusal {
  const { job, path } = edit;
  const value = edit.kind === 'set' ? edit.yaml : 'null';
  const lines = [...path].reduceRight<string[]>(
    (inner, key, index) =>
      index === path.length - 1 && inner.length === 1 && !inner[0]?.startsWith('- ')
        ? [`${key}: ${inner[0] ?? ''}`]
        : [`${key}:`, ...inner.map((line) => `  ${line}`)],
    value.split('\n'),
  );
  return {
    refused: `${path.join(':')} of ${job} cannot be changed by itself: ${why}`,
    ...(at ? { at } : {}),
    paste: [`${job}:`, ...lines.map((line) => `  ${line}`)],
  };
}
