import { editConfiguration, overlay } from '../../ci/edit/edit.ts';
import type { Edited, EditedFile, JobEdit } from '../../ci/edit/model.ts';
import type { ResolvedJobSet } from '../../ci/jobSet.ts';
import type { CiFiles, Configuration, PipelineEvent } from '../../ci/model.ts';
import { lifetimesOf } from '../survey.ts';
import { type ChangeInput, type ChangeName, changeNames, type Proposal } from './model.ts';
import { propose } from './propose.ts';

/** What files give, for every event. */
export interface Reading {
  readonly configuration: Configuration;
  readonly sets: ReadonlyMap<PipelineEvent, ResolvedJobSet>;
}

export interface Composing {
  readonly files: CiFiles;
  readonly read: (files: CiFiles) => Reading;
  readonly known: Omit<ChangeInput, 'lifetimes' | 'configuration' | 'sets' | 'files'>;
}

/** Several changes as one: `edits` are of the files as they are before any of them. */
export interface Composed {
  readonly proposals: readonly Proposal[];
  readonly edits: readonly JobEdit[];
  readonly newFiles: ReadonlyMap<string, string>;
}

export type Refusal = Extract<Edited, { refused: string }> & { readonly proposals: readonly Proposal[] };

/** Proposes changes one after the other, each on what the ones before it leave. */
export function composeChanges(names: readonly ChangeName[], composing: Composing): Composed | Refusal {
  const { files, read } = composing;
  const proposals: Proposal[] = [];
  const texts = new Map<string, string>();
  const newFiles = new Map<string, string>();
  for (const name of changeNames.filter((one) => names.includes(one))) {
    const now = overlay(files, texts);
    const reading = read(now);
    const proposal = propose(name, inputOf(reading, now, composing));
    proposals.push(proposal);
    const refusal = writeEdits(proposal.edits, files, texts, read);
    if (refusal) return { ...refusal, proposals };
    for (const [path, text] of proposal.newFiles) {
      newFiles.set(path, text);
      texts.set(path, text);
    }
  }
  for (const path of newFiles.keys()) texts.delete(path);
  const edited = [...texts].map(([path, after]) => ({ path, before: files.read(path) ?? '', after }));
  const [only, ...more] = proposals.flatMap(({ edits }) => (edits.length > 0 ? [edits] : []));
  const isPlain = only && more.length === 0 && new Set(only.map(({ kind }) => kind)).size === 1;
  return { proposals, newFiles, edits: isPlain ? only : edited.flatMap(asText) };
}

/** What a proposal is made from. */
export function inputOf({ configuration, sets }: Reading, files: CiFiles, { known }: Composing): ChangeInput {
  return { ...known, configuration, sets, files, lifetimes: lifetimesOf({ configuration, sets, files }) };
}

/** Bytes first, since their places are those of the files as they were read; then keywords. */
function writeEdits(
  edits: readonly JobEdit[],
  files: CiFiles,
  texts: Map<string, string>,
  read: Composing['read'],
): Extract<Edited, { refused: string }> | undefined {
  for (const isText of [true, false]) {
    const some = edits.filter(({ kind }) => (kind === 'text') === isText);
    if (some.length === 0) continue;
    const now = overlay(files, texts);
    const resolve = (one: CiFiles): Configuration => read(one).configuration;
    const edited = editConfiguration({ files: now, configuration: resolve(now), resolve }, some);
    if ('refused' in edited) return edited;
    for (const { path, after } of edited.files) texts.set(path, after);
  }
  return undefined;
}

/** The change of a file as one piece: what differs between the first and the last byte that does. */
function asText({ path, before, after }: EditedFile): JobEdit[] {
  const [old, now] = [Buffer.from(before), Buffer.from(after)];
  if (old.equals(now)) return [];
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start += 1;
  let same = 0;
  while (same < shorter - start && old[old.length - 1 - same] === now[now.length - 1 - same]) same += 1;
  // Whole characters: no piece begins or ends within one.
  while (start > 0 && isWithin(old[start])) start -= 1;
  while (same > 0 && isWithin(old[old.length - same])) same -= 1;
  const text = now.subarray(start, now.length - same).toString('utf8');
  return [{ kind: 'text', file: path, start, end: old.length - same, text }];
}

/** Whether a byte goes on with a character of UTF-8. */
function isWithin(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
