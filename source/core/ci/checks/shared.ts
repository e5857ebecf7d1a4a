import type { Configuration, JobDefinition, Node, Place } from '../model.ts';
import { inheritedVariables, variablesOf } from '../variables.ts';
import { get, placeOfLine } from '../yaml/node.ts';
import { type CheckInput, scriptLines } from './rule.ts';
import { type ShellText, shellText } from './shellText.ts';

/** One line of a script, with the job that runs it and the node that holds it. */
export interface CodeLine extends ShellLine {
  readonly job: JobDefinition;
  readonly node: Node;
}

interface ShellLine {
  /** Without comments; continued lines are one. */
  readonly text: string;
  /** The same without what the shell does not expand: single quotes, quoted here-documents. */
  readonly expanded: string;
  /** The same without any quoted text and here-documents. */
  readonly bare: string;
  /** Where the line begins; where the whole text does, when its lines are not those of the file. */
  readonly at: Place;
}

/** The lines that a job runs, in order. */
export function codeLines(job: JobDefinition, ...keys: readonly string[]): CodeLine[] {
  const parts = keys.length === 0 ? ['before_script', 'script'] : keys;
  return scriptLines(job.keywords, ...parts).flatMap(({ text, node }) =>
    shellLines(node, text).map((line) => ({ ...line, job, node })),
  );
}

const read = new WeakMap<Node, readonly ShellLine[]>();

/** Read once a node: many jobs and rules look at the same ones. */
function shellLines(node: Node, script: string): readonly ShellLine[] {
  let lines = read.get(node);
  if (!lines) {
    lines = linesOf(node, shellText(script));
    read.set(node, lines);
  }
  return lines;
}

function linesOf(node: Node, { code, expanded, bare }: ShellText): ShellLine[] {
  const lines = { text: code.split('\n'), expanded: expanded.split('\n'), bare: bare.split('\n') };
  const found: ShellLine[] = [];
  let start = 0;
  for (const [index, line] of lines.text.entries()) {
    if (/(?:^|[^\\])(?:\\\\)*\\$/.test(line) && index + 1 < lines.text.length) continue;
    const bounds = lines.text.slice(start, index + 1).map((one) => {
      const kept = one.replace(/\s*\\?$/, '');
      return [kept.search(/\S|$/), kept.length] as const;
    });
    // The same columns of each, so that a place in one is that place in the others.
    const whole = (parts: readonly string[]): string =>
      bounds.map(([from, to], offset) => parts[start + offset]?.slice(from, to) ?? '').join(' ');
    const text = whole(lines.text);
    if (text.trim() !== '') {
      const at = placeOfLine(node, start, (lines.text[start] ?? '').search(/\S/));
      found.push({ text, expanded: whole(lines.expanded), bare: whole(lines.bare), at });
    }
    start = index + 1;
  }
  return found;
}

/** Every script line of every job; lines that several jobs share come once. */
export function* allLines({ configuration }: CheckInput): Iterable<CodeLine> {
  const seen = new Set<Node>();
  for (const job of configuration.jobs.values()) {
    const own = codeLines(job, 'before_script', 'script', 'after_script').filter(
      ({ node }) => !seen.has(node),
    );
    for (const line of own) seen.add(line.node);
    yield* own;
  }
}

/** What `variables:` give a job, as written. */
export function staticVariables(
  { root }: Configuration,
  { keywords }: JobDefinition,
): Record<string, string> {
  const given = inheritedVariables(keywords, variablesOf(get(root, 'variables')));
  const values: Record<string, string> = {};
  for (const [key, value] of Object.entries(given)) if (value !== undefined) values[key] = value;
  return { ...values, ...variablesOf(get(keywords, 'variables')) };
}

/** A job that hands something to others, by its name or stage. */
export function publishes({ name, keywords }: JobDefinition): boolean {
  const stage = get(keywords, 'stage');
  const words = `${name} ${stage?.kind === 'scalar' ? String(stage.value) : ''}`;
  return (
    get(keywords, 'release') !== undefined ||
    /(?:^|[\W_])(?:release|publish|deploy|pages|sign|notarize)/i.test(words)
  );
}
