import type { JobEdit } from '../ci/edit/model.ts';
import type { CiFiles, Configuration } from '../ci/model.ts';
import { type Change, changedText, ordered } from './changes.ts';
import { entryText, type ItemSource, itemReplacement, itemSource, type Replacement } from './itemSource.ts';
import { isSamePlace, type ScriptItem, type ScriptKeyword, usersOf } from './script.ts';

/** What becomes of a job's scripts. */
export interface ScriptPlan {
  readonly job: string;
  readonly items: readonly ScriptItem[];
  readonly changes: readonly Change[];
  /** New entries before one that is there. */
  readonly inserts: readonly { readonly before: ScriptItem; readonly texts: readonly string[] }[];
}

export interface ScriptContext {
  readonly configuration: Configuration;
  readonly files: CiFiles;
}

/**
 * The edits for all jobs: in place where every job that runs a line is to change alike, else the whole script is written in
 * the job, so that no other job is touched.
 */
export function scriptEdits(plans: readonly ScriptPlan[], context: ScriptContext): JobEdit[] {
  const edits = plans.flatMap((plan) =>
    (['before_script', 'script'] as const).flatMap((keyword) => keywordEdits(plan, keyword, plans, context)),
  );
  return [...new Map(edits.map((edit) => [JSON.stringify(edit), edit])).values()];
}

function keywordEdits(
  plan: ScriptPlan,
  keyword: ScriptKeyword,
  plans: readonly ScriptPlan[],
  context: ScriptContext,
): JobEdit[] {
  const own = plan.items.filter((item) => item.keyword === keyword);
  const touched = own.filter((item) => outcome(plan, item) !== item.text);
  if (touched.length === 0) return [];
  const isLeft = own.some(
    (item) => changedText(item, plan.changes) !== undefined || insertsOf(plan, item).length > 0,
  );
  const places = touched.map((item) => ({ item, source: placeIn(context.files, item) }));
  const isHere = places.every(
    ({ item, source }) => source !== undefined && isAlikeForAll(plan, item, plans, context),
  );
  if (!isHere || !isLeft) return [{ kind: 'set', job: plan.job, path: [keyword], yaml: listText(plan, own) }];
  return places.flatMap(({ item, source }) => (source ? textEdits(plan, item, source) : []));
}

/** Every job that runs the entry changes it, and in the same way. */
function isAlikeForAll(
  plan: ScriptPlan,
  item: ScriptItem,
  plans: readonly ScriptPlan[],
  { configuration }: ScriptContext,
): boolean {
  return usersOf(configuration, item.node).every((user) => {
    const other = plans.find(({ job }) => job === user);
    const same = other?.items.find((one) => isSamePlace(one.node.span, item.node.span));
    return other !== undefined && same !== undefined && outcome(other, same) === outcome(plan, item);
  });
}

/** What becomes of an entry, to compare. */
function outcome(plan: ScriptPlan, item: ScriptItem): string {
  const texts = insertsOf(plan, item);
  const after = changedText(item, plan.changes) ?? '';
  return texts.length === 0 ? after : JSON.stringify([...texts, after]);
}

function insertsOf({ inserts }: ScriptPlan, item: ScriptItem): readonly string[] {
  return inserts.flatMap(({ before, texts }) =>
    isSamePlace(before.node.span, item.node.span) && before.keyword === item.keyword ? texts : [],
  );
}

function placeIn(files: CiFiles, item: ScriptItem): ItemSource | undefined {
  const text = files.read(item.node.span.file);
  return text === undefined ? undefined : itemSource(text, item);
}

function textEdits(plan: ScriptPlan, item: ScriptItem, source: ItemSource): JobEdit[] {
  const inserted = insertsOf(plan, item)
    .map((text) => `${indented(entryText(text), source.indent)}\n`)
    .join('');
  const changes = ordered(item, plan.changes);
  const replacement = changes.length > 0 ? itemReplacement(source, item, changes) : undefined;
  const { text } = source;
  const { file } = item.node.span;
  const edit = ({ start, end, text: by }: Replacement): JobEdit => ({
    kind: 'text',
    file,
    start: Buffer.byteLength(text.slice(0, start)),
    end: Buffer.byteLength(text.slice(0, end)),
    text: by,
  });
  if (inserted === '') return replacement ? [edit(replacement)] : [];
  if (!replacement) return [edit({ start: source.from, end: source.from, text: inserted })];
  // In one piece, so that neither moves the other.
  return [
    edit({
      start: source.from,
      end: replacement.end,
      text: `${inserted}${text.slice(source.from, replacement.start)}${replacement.text}`,
    }),
  ];
}

function listText(plan: ScriptPlan, items: readonly ScriptItem[]): string {
  const entries = items.flatMap((item) => {
    const after = changedText(item, plan.changes);
    return [
      ...insertsOf(plan, item).map((text) => entryText(text)),
      ...(after === undefined ? [] : [entryText(after, after === item.text)]),
    ];
  });
  return entries.length === 0 ? '[]' : entries.join('\n');
}

function indented(text: string, indent: string): string {
  return text.replace(/^(?=[^\n])/gm, indent);
}
