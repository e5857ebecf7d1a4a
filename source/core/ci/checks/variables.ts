import { definedVariables, isPredefined } from '../../variables/defined.ts';
import type { CheckInput, Rule } from './rule.ts';
import { allLines, type CodeLine } from './shared.ts';

/** Where a script sets what these lines cannot tell. */
const sourced = /(?:^|[\s;&|(])(?:source|\.|eval|envsubst|direnv)\s/;

/** By key: the first line that reads it without a default or a test. */
function plainReads(input: CheckInput): Map<string, CodeLine> {
  const found = new Map<string, CodeLine>();
  const guarded = new Set<string>();
  const unclear = new Set<string>();
  const lines = [...allLines(input)];
  for (const { job, text } of lines) {
    if (sourced.test(text)) unclear.add(job.name);
    for (const [, key = ''] of text.matchAll(/\$\{([A-Za-z_]\w*):?[-=?+]/g)) guarded.add(key);
    for (const [, key = ''] of text.matchAll(/(?:\[\[?|test|&&|\|\||!)\s+(?:-[nzvfe]\s+)?["']?\$\{?(\w+)/g))
      guarded.add(key);
  }
  for (const line of lines) {
    if (unclear.has(line.job.name)) continue;
    for (const [, bare, braced] of line.expanded.matchAll(
      /(?<![\\$])\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g,
    )) {
      const key = bare ?? braced ?? '';
      if (!guarded.has(key) && !isPredefined(key) && !found.has(key)) found.set(key, line);
    }
  }
  return found;
}

function knownTo({ configuration, knownVariables = [] }: CheckInput): Set<string> {
  const known = new Set([...definedVariables(configuration), ...knownVariables]);
  for (const { keywords } of configuration.jobs.values())
    for (const key of ['secrets', 'id_tokens'] as const) {
      const node = keywords.entries.get(key)?.value;
      if (node?.kind === 'mapping') for (const name of node.entries.keys()) known.add(name);
    }
  return known;
}

export const variableSetNowhere: Rule = {
  id: 'variable-set-nowhere',
  severity: 'info',
  summary:
    'A variable that a script reads without a default, and that no file sets; a warning where GitLab’s variables are known and it is not among them.',
  why: 'When the project and its groups do not set it either, the command gets an empty value and goes on.',
  fix: {
    text: `Set it in the project’s CI/CD variables, or say what holds without it: \${NAME:-default} or \${NAME:?}.`,
  },
  *check(input) {
    if (input.configuration.unresolved.length > 0) return;
    const known = knownTo(input);
    for (const [key, { job, at }] of plainReads(input))
      if (!known.has(key))
        yield {
          at,
          title: `${job.name} reads ${key}, which no file sets`,
          saw: input.knownVariables
            ? 'not among the variables of the project and its groups'
            : 'it may be set on GitLab',
          ...(input.knownVariables ? { severity: 'warning' as const } : {}),
        };
  },
};

export const emptyPattern: Rule = {
  id: 'grep-for-nothing',
  severity: 'warning',
  summary: '`grep` for a pattern that ends in a variable which no file sets and nothing tests.',
  why: 'With an empty value the pattern matches every line, or every value: the check passes without checking.',
  fix: { text: `Stop where it is empty: grep -q "\${NAME:?not set}".` },
  *check(input) {
    const known = knownTo({ ...input, knownVariables: [] });
    const reads = plainReads(input);
    for (const { job, text, at } of allLines(input)) {
      const [, key] = /\bgrep\s+(?:-{1,2}[\w-]+\s+)*"[^"$]*\$\{?([A-Z]\w*)\}?"/.exec(text) ?? [];
      if (key !== undefined && reads.has(key) && !known.has(key))
        yield {
          at,
          title: `${job.name} finds anything when ${key} is empty`,
          saw: text.slice(0, 100),
        };
    }
  },
};
