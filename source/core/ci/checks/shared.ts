import type { Configuration, JobDefinition, Node } from '../model.ts';
import { inheritedVariables, variablesOf } from '../variables.ts';
import { get } from '../yaml/node.ts';
import { type CheckInput, scriptLines } from './rule.ts';

/** One line of a script, with the job that runs it and the node that holds it. */
export interface CodeLine {
  readonly job: JobDefinition;
  /** Without comments; continued lines are one. */
  readonly text: string;
  readonly node: Node;
}

/** The text without comments, of which a shell never runs anything. */
export function code(text: string): string {
  return text.replace(/(^|\s)#.*$/gm, '$1');
}

/** The lines that a job runs, in order. */
export function codeLines(job: JobDefinition, ...keys: readonly string[]): CodeLine[] {
  const parts = keys.length === 0 ? ['before_script', 'script'] : keys;
  return scriptLines(job.keywords, ...parts).flatMap(({ text, node }) =>
    code(text)
      .replace(/\\\n\s*/g, ' ')
      .split('\n')
      .flatMap((line) => (line.trim() === '' ? [] : [{ job, text: line.trim(), node }])),
  );
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
