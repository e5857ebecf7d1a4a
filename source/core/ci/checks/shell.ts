import type { Node } from '../model.ts';
import { variablesOf } from '../variables.ts';
import { get, isNull, textOf } from '../yaml/node.ts';
import { type CheckInput, type Found, type Rule, scriptLines } from './rule.ts';

/** Every script line of every job, each node once. */
function* lines({ configuration }: CheckInput): Iterable<{ job: string; text: string; node: Node }> {
  const seen = new Set<Node>();
  for (const { name, keywords } of configuration.jobs.values()) {
    for (const { text, node } of scriptLines(keywords, 'before_script', 'script', 'after_script')) {
      if (seen.has(node)) continue;
      seen.add(node);
      yield { job: name, text, node };
    }
  }
}

/** The line without comments, of which a shell never runs anything. */
function code(text: string): string {
  return text.replace(/(^|\s)#.*$/gm, '$1');
}

export const badSubstitution: Rule = {
  id: 'bad-substitution',
  severity: 'error',
  summary: `A parameter expansion that no shell can run, such as \`\${#VAR:-x}\`.`,
  why: 'The shell stops with “bad substitution”, and the job fails there.',
  fix: { text: `Give the default first: VALUE="\${VAR:-x}"; then use \${#VALUE}.` },
  *check(input) {
    for (const { job, text, node } of lines(input)) {
      const [found] = /\$\{#\w+(?::?[-+=?]|:\d|%|\/)[^}]*\}/.exec(code(text)) ?? [];
      if (found !== undefined) yield { at: node.span, title: `${job} cannot run ${found}`, saw: found };
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
        if (found === undefined || seen.has(value)) continue;
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
    for (const { name, keywords } of configuration.jobs.values()) {
      if (isNull(get(keywords, 'after_script'))) continue;
      const known = { ...root, ...variablesOf(get(keywords, 'variables')) };
      const set = assigned(scriptLines(keywords, 'before_script', 'script').map(({ text }) => text));
      const after = scriptLines(keywords, 'after_script');
      const again = assigned(after.map(({ text }) => text));
      yield* lostReads(
        name,
        after,
        [...set].filter((variable) => !again.has(variable) && !Object.hasOwn(known, variable)),
      );
    }
  },
};

function* lostReads(
  job: string,
  after: readonly { text: string; node: Node }[],
  set: readonly string[],
): Iterable<Found> {
  for (const variable of set) {
    const read = after.find(({ text }) =>
      new RegExp(`\\$(?:${variable}\\b|\\{${variable}[}:-])`).test(code(text)),
    );
    if (read)
      yield {
        at: read.node.span,
        title: `${job} reads ${variable} in after_script, where it is not set`,
        saw: `$${variable}`,
      };
  }
}

function assigned(texts: readonly string[]): Set<string> {
  const names = texts.flatMap((text) =>
    [...code(text).matchAll(/(?:^|[\n;]|&&)\s*(?:export\s+)?([A-Z][A-Z0-9_]*)=/g)].map(
      ([, name = '']) => name,
    ),
  );
  return new Set(names.filter((name) => name !== 'PATH'));
}

export const secretInArguments: Rule = {
  id: 'secret-in-arguments',
  severity: 'warning',
  summary: 'A password or token given as a command’s argument.',
  why: 'Every process of the machine can read it, and an error message may print it.',
  fix: { text: 'Give it on standard input: echo "$TOKEN" | docker login --password-stdin.' },
  *check(input) {
    for (const { job, text, node } of lines(input)) {
      const [found] =
        /(?:docker|podman|buildah|skopeo|helm registry)\s+login\b[^|\n]*\s(?:-p|--password)[ =]["']?\$\{?\w+/.exec(
          code(text),
        ) ?? [];
      if (found !== undefined)
        yield { at: node.span, title: `${job} gives a password as an argument`, saw: found };
    }
  },
};
