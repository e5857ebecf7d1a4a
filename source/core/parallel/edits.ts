import { parse, stringify } from 'yaml';
import type { JobEdit } from '../ci/edit/model.ts';
import type { CiFiles, Configuration, Node } from '../ci/model.ts';
import { needsOf } from '../ci/schema/job.ts';
import { get, plain } from '../ci/yaml/node.ts';
import type { Wait, Waits, WrittenNeed } from './waits.ts';
import type { World } from './world.ts';

/** How a file writes its lists of needs. */
interface Style {
  readonly isFlow: boolean;
  readonly quote: '' | '"' | "'";
}

/** The edits that turn what jobs wait for into what they are to wait for, written as the job's file writes needs. */
export function editsOf(world: World, waits: Waits): JobEdit[] {
  return [...waits].flatMap(([job, after]): JobEdit[] => {
    const before = world.waits.get(job);
    if (!before || before === after) return [];
    const edits: JobEdit[] = [];
    if (before.stage !== after.stage)
      edits.push({ kind: 'set', job, path: ['stage'], yaml: scalar(after.stage, '', false) });
    if (after.needs !== null && !isSame(before, after)) {
      const style = styleOf(world, job);
      edits.push({ kind: 'set', job, path: ['needs'], yaml: needsYaml(after, style) });
    }
    return edits;
  });
}

function isSame(before: Wait, after: Wait): boolean {
  const text = ({ needs }: Wait): string =>
    JSON.stringify(needs?.map(({ job, artifacts, optional }) => [job, artifacts, optional]) ?? null);
  return text(before) === text(after);
}

function needsYaml({ needs, others }: Wait, { isFlow, quote }: Style): string {
  const list = needs ?? [];
  if (list.length + others.length === 0) return '[]';
  const isPlain = others.length === 0 && list.every((need) => typeof valueOfNeed(need) === 'string');
  if (isFlow && isPlain) return `[${list.map(({ job }) => scalar(job, quote, true)).join(', ')}]`;
  const items = [...others.map((node) => plain(node)), ...list.map(valueOfNeed)];
  return items
    .map((item) => {
      if (typeof item === 'string') return `- ${scalar(item, quote, false)}`;
      return `- ${fieldsOf(item, quote).replaceAll('\n', '\n  ')}`;
    })
    .join('\n');
}

function fieldsOf(item: unknown, quote: Style['quote']): string {
  if (item === null || typeof item !== 'object') return stringify(item).trimEnd();
  return Object.entries(item)
    .map(([key, value]) =>
      typeof value === 'string'
        ? `${key}: ${scalar(value, quote, false)}`
        : stringify({ [key]: value }).trimEnd(),
    )
    .join('\n');
}

/** A need as its value in YAML: the one that is written, or the shortest that says it. */
function valueOfNeed({ job, artifacts, optional, item }: WrittenNeed): unknown {
  if (item) return plain(item);
  if (artifacts && !optional) return job;
  return { job, ...(artifacts ? {} : { artifacts: false }), ...(optional ? { optional: true } : {}) };
}

/** A text as YAML, quoted where the file does so or it must be. */
function scalar(text: string, quote: Style['quote'], isFlow: boolean): string {
  if (quote === "'") return `'${text.replaceAll("'", "''")}'`;
  if (quote === '"' || !isBare(text, isFlow)) return JSON.stringify(text);
  return text;
}

function isBare(text: string, isFlow: boolean): boolean {
  const [yaml, expected] = isFlow ? [`[${text}]`, [text]] : [text, text];
  if (/[\n#\p{Cc}]/u.test(text)) return false;
  try {
    return JSON.stringify(parse(yaml)) === JSON.stringify(expected);
  } catch {
    return false;
  }
}

/** The style of the job's own list, else of most lists in its file, else of most lists anywhere. */
function styleOf({ configuration, files }: World, job: string): Style {
  const lists = listsOf(configuration, files);
  const file = configuration.jobs.get(job)?.at.file;
  const own = lists.filter((list) => list.job === job);
  const near = lists.filter((list) => list.file === file);
  const best = own.length > 0 ? own : near.length > 0 ? near : lists;
  const flow = best.filter(({ isFlow }) => isFlow).length;
  const quotes = best.flatMap(({ quotes: found }) => found);
  const most = (['', '"', "'"] as const).toSorted((a, b) => count(quotes, b) - count(quotes, a))[0] ?? '';
  return { isFlow: flow * 2 > best.length, quote: quotes.length > 0 ? most : '' };
}

function count(list: readonly string[], value: string): number {
  return list.filter((one) => one === value).length;
}

interface WrittenList extends Pick<Style, 'isFlow'> {
  readonly job: string;
  readonly file: string;
  readonly quotes: readonly Style['quote'][];
}

const known = new WeakMap<Configuration, readonly WrittenList[]>();

/** Every list of needs that is not empty, as it is written; once where several jobs share it. */
function listsOf(configuration: Configuration, files: CiFiles): readonly WrittenList[] {
  const before = known.get(configuration);
  if (before) return before;
  const lines = new Map<string, readonly string[]>();
  const at = ({ span }: Node): string => {
    const text = lines.get(span.file) ?? (files.read(span.file) ?? '').split('\n');
    lines.set(span.file, text);
    return text[span.line - 1]?.[span.column - 1] ?? '';
  };
  const seen = new Set<Node>();
  const found = [...configuration.jobs.values()].flatMap((job): WrittenList[] => {
    const node = get(job.keywords, 'needs');
    const items = needsOf(job.keywords);
    if (!node || items.length === 0 || seen.has(node)) return [];
    seen.add(node);
    const quotes = items.flatMap((item): Style['quote'][] => {
      const name = item.kind === 'mapping' ? get(item, 'job') : item;
      const mark = name ? at(name) : '';
      return [mark === '"' || mark === "'" ? mark : ''];
    });
    return [{ job: job.name, file: node.span.file, isFlow: at(node) === '[', quotes }];
  });
  known.set(configuration, found);
  return found;
}
