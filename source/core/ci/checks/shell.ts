import type { Node } from '../model.ts';
import { variablesOf } from '../variables.ts';
import { get, isNull, scalarText, textOf, textsOf } from '../yaml/node.ts';
import type { Found, Rule } from './rule.ts';
import { allLines, type CodeLine, codeLines } from './shared.ts';

/** Jobs for PowerShell or cmd, whose `${…}` is another language. */
export function isWindows({ keywords }: CodeLine['job']): boolean {
  const image = get(keywords, 'image');
  const name = textOf(image) ?? textOf(get(image, 'name')) ?? '';
  return /windows|powershell|pwsh|servercore|nanoserver/i.test(
    [name, ...textsOf(get(keywords, 'tags'))].join(' '),
  );
}

/** `${` and what no POSIX shell, bash or zsh takes for a parameter. */
const substitutions: readonly RegExp[] = [
  /\$\{#\w+(?::?[-+=?]|:\d|%|\/)[^}]*\}/,
  /\$\{\{[^}]*\}?\}?/,
  /\$\{\s+\w+\s*\}/,
  /\$\{[A-Za-z_]\w*\s+[^}]*\}/,
  /\$\{[A-Za-z_]\w*[.|&;][^}]*\}/,
  /\$\{\$[^}]*\}/,
  /\$\{\}/,
];

export const badSubstitution: Rule = {
  id: 'bad-substitution',
  severity: 'error',
  summary: `A parameter expansion that no shell can run, such as \`\${#VAR:-x}\`, \`\${VAR.x}\` or \`\${{ VAR }}\`.`,
  why: 'The shell stops with “bad substitution”, and the job fails there.',
  fix: {
    text: `Give a default first: VALUE="\${VAR:-x}"; then use \${#VALUE}. Quote with '…' what another program is to expand.`,
  },
  *check(input) {
    for (const { job, expanded, at } of allLines(input)) {
      if (isWindows(job)) continue;
      const found = substitutions.map((one) => one.exec(expanded)).find((one) => one !== null);
      if (found && expanded[found.index - 1] !== '\\' && expanded[found.index - 1] !== '$')
        yield { at, title: `${job.name} cannot run ${found[0].slice(0, 60)}`, saw: found[0].slice(0, 100) };
    }
  },
};

export const defaultInVariables: Rule = {
  id: 'default-in-variables',
  severity: 'warning',
  summary: `\`\${VAR:-default}\` in \`variables:\`.`,
  why: 'Neither GitLab nor the runner knows shell defaults there: the value becomes empty or stays as it is written.',
  fix: { text: 'Use the default in script, where the shell expands it, or set it with rules:variables.' },
  *check({ configuration }) {
    const seen = new Set<Node>();
    const places: [string, Node | undefined][] = [['the top level', get(configuration.root, 'variables')]];
    for (const { name, keywords } of configuration.jobs.values())
      places.push([name, get(keywords, 'variables')]);
    for (const [owner, variables] of places) {
      if (variables?.kind !== 'mapping') continue;
      for (const [key, { value }] of variables.entries) {
        const [found] =
          /\$\{\w+:?[-+=?][^}]*\}/.exec(textOf(value) ?? textOf(get(value, 'value')) ?? '') ?? [];
        const raw = scalarText(get(value, 'expand')) === 'false';
        if (found === undefined || raw || seen.has(value)) continue;
        seen.add(value);
        yield { at: value.span, title: `${key} of ${owner} will not be ${found}`, saw: found };
      }
    }
  },
};

export const lostInAfterScript: Rule = {
  id: 'lost-in-after-script',
  severity: 'warning',
  summary: 'A variable set in `script` and read in `after_script`.',
  why: '`after_script` runs in a new shell: what `script` set is not there.',
  fix: { text: 'Write the value to a file, or set it again in after_script.' },
  *check({ configuration }) {
    const root = variablesOf(get(configuration.root, 'variables'));
    for (const job of configuration.jobs.values()) {
      if (isNull(get(job.keywords, 'after_script'))) continue;
      const known = { ...root, ...variablesOf(get(job.keywords, 'variables')) };
      const set = assigned(codeLines(job));
      const after = codeLines(job, 'after_script');
      if (after.some(({ bare }) => /(?:^|[\s;&|(])(?:source|\.|eval)\s/.test(bare))) continue;
      const again = assigned(after);
      yield* lostReads(
        job.name,
        after,
        [...set].filter((variable) => !again.has(variable) && !Object.hasOwn(known, variable)),
      );
    }
  },
};

function* lostReads(job: string, after: readonly CodeLine[], set: readonly string[]): Iterable<Found> {
  for (const variable of set) {
    const read = after.find(({ expanded }) =>
      new RegExp(`(?<!\\\\)\\$(?:${variable}\\b|\\{${variable}\\})`).test(expanded),
    );
    if (read)
      yield {
        at: read.at,
        title: `${job} reads ${variable} in after_script, where it is not set`,
        saw: `$${variable}`,
      };
  }
}

/** Variables that the lines set for what follows, not only for one command (`A=b make`). */
function assigned(lines: readonly CodeLine[]): Set<string> {
  const names = lines.flatMap(({ text, bare }) => [
    ...[
      ...text.matchAll(
        /(?:^|;|&&|\bthen\s|\bdo\s|\belse\s)\s*(?:export\s+|readonly\s+|declare\s+(?:-\w+\s+)*)?([A-Z][A-Z0-9_]*)=("[^"]*"|'[^']*'|[^\s;&|]*)(?=\s*(?:$|;|&&|\|\|))/g,
      ),
    ].map(([, name = '']) => name),
    ...[...text.matchAll(/(?:^|;|&&|\bthen\s|\bdo\s)\s*export\s+([A-Z][A-Z0-9_]*)=/g)].map(
      ([, name = '']) => name,
    ),
    ...[...text.matchAll(/(?:^|;|&&)\s*([A-Z][A-Z0-9_]*)=["']?(?:\$\(|`)/g)].map(([, name = '']) => name),
    ...[...bare.matchAll(/\b(?:for|read(?:\s+-\w+)*)\s+([A-Z][A-Z0-9_]*)\b/g)].map(([, name = '']) => name),
  ]);
  return new Set(names.filter((name) => name !== 'PATH'));
}
