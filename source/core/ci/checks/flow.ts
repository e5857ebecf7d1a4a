import { definedVariables } from '../../variables/defined.ts';
import { expandVariables } from '../expand.ts';
import type { CiFiles, Configuration, JobDefinition } from '../model.ts';
import { needsOf } from '../schema/job.ts';
import { needKind } from '../schema/needs.ts';
import { get, isNull, textOf, textsOf } from '../yaml/node.ts';
import type { Rule } from './rule.ts';
import { type CodeLine, codeLines, staticVariables } from './shared.ts';

/** Whose artifacts a job downloads; undefined when it cannot be told. */
function sources(configuration: Configuration, job: JobDefinition): ReadonlySet<string> | undefined {
  const { keywords } = job;
  const list = get(keywords, 'dependencies');
  const chosen = list && !isNull(list) ? new Set(textsOf(list)) : undefined;
  const needs = get(keywords, 'needs');
  if (!needs || isNull(needs)) {
    const stage = stageIndex(configuration, job);
    const earlier = [...configuration.jobs.values()].filter((one) => stageIndex(configuration, one) < stage);
    return new Set(earlier.map(({ name }) => name).filter((name) => chosen?.has(name) ?? true));
  }
  const found = new Set<string>();
  for (const need of needsOf(keywords)) {
    if (needKind(need) !== 'job') return undefined;
    const name = textOf(need) ?? textOf(get(need, 'job')) ?? '';
    if (!configuration.jobs.has(name)) return undefined;
    const artifacts = get(need, 'artifacts');
    const isOff = artifacts?.kind === 'scalar' && artifacts.value === false;
    if (!isOff && (chosen?.has(name) ?? true)) found.add(name);
  }
  return found;
}

function stageIndex({ stages }: Configuration, { keywords }: JobDefinition): number {
  return stages.indexOf(textOf(get(keywords, 'stage')) ?? 'test');
}

export const lostDotenv: Rule = {
  id: 'needs-drop-variable',
  severity: 'error',
  summary: 'A job that reads a variable of another job’s dotenv report, which its needs do not bring.',
  why: 'Variables of a dotenv report reach only jobs that download that job’s artifacts: here the value is empty.',
  fix: {
    text: 'Name the job that writes it in needs, without artifacts: false, and in dependencies where there are any.',
  },
  *check({ configuration }) {
    const producers = dotenvVariables(configuration);
    if (producers.size === 0 || configuration.unresolved.length > 0) return;
    const elsewhere = definedVariables({
      ...configuration,
      jobs: new Map(
        [...configuration.jobs].map(([name, job]) => [
          name,
          {
            ...job,
            keywords: {
              ...job.keywords,
              entries: new Map(
                [...job.keywords.entries].filter(([key]) => key === 'variables' || key === 'parallel'),
              ),
            },
          },
        ]),
      ),
    });
    for (const job of configuration.jobs.values()) {
      const lines = codeLines(job);
      const brought = sources(configuration, job);
      if (!brought) continue;
      for (const [key, writers] of producers) {
        if (elsewhere.has(key) || writers.has(job.name) || [...writers].some((name) => brought.has(name)))
          continue;
        const own = new RegExp(`(?:^|[\\s;&|(])(?:export\\s+)?${key}=|\\bread\\b[^\\n]*\\b${key}\\b`);
        const read = new RegExp(`\\$(?:${key}\\b|\\{${key}\\})`);
        if (lines.some(({ text }) => own.test(text) || /(?:^|\s)(?:source|\.)\s/.test(text))) continue;
        const line = lines.find(({ text }) => read.test(text));
        const [writer = ''] = writers;
        if (line)
          yield {
            at: (get(job.keywords, 'needs') ?? line.node).span,
            title: `${job.name} reads ${key}, which ${writer} writes, and does not get it`,
            saw: `${line.node.span.file}:${line.node.span.line} reads $${key}; artifacts come from ${[...brought].slice(0, 5).join(', ') || 'no job'}`,
          };
      }
    }
  },
};

/** By key: the jobs whose script writes it into the file of their dotenv report. */
function dotenvVariables({ jobs }: Configuration): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const job of jobs.values()) {
    const files = textsOf(get(get(get(job.keywords, 'artifacts'), 'reports'), 'dotenv'));
    if (files.length === 0) continue;
    for (const { text } of codeLines(job)) {
      if (!files.some((file) => text.includes(file)) || !/>|\btee\b/.test(text)) continue;
      for (const [, key = ''] of text.matchAll(/(?:echo|printf)\s+(?:-\w+\s+)*["']?([A-Za-z_]\w*)=/g))
        found.set(key, (found.get(key) ?? new Set()).add(job.name));
    }
  }
  return found;
}

export const lostArtifact: Rule = {
  id: 'needs-drop-artifacts',
  severity: 'error',
  summary: 'A script that reads a path of another job’s `artifacts:paths`, which its needs do not bring.',
  why: 'The file is not in the job’s workspace, and the command that reads it fails, or works on nothing.',
  fix: { text: 'Name the job that makes the path in needs, without artifacts: false.' },
  *check({ configuration, files }) {
    if (configuration.unresolved.length > 0) return;
    const products = productsOf(configuration, files);
    if (products.size === 0) return;
    for (const job of configuration.jobs.values()) {
      const brought = sources(configuration, job);
      if (!brought) continue;
      const own = expanded(configuration, job, textsOf(get(get(job.keywords, 'artifacts'), 'paths')));
      const have = [
        ...own,
        ...expanded(configuration, job, textsOf(get(get(job.keywords, 'cache'), 'paths'))),
      ];
      for (const name of brought)
        for (const [path, makers] of products) if (makers.has(name)) have.push(path);
      const variables = staticVariables(configuration, job);
      const lines = codeLines(job).map((line) => ({
        ...line,
        text: expandVariables(line.text, variables, true),
      }));
      for (const { path, makers, line } of firstReads(lines, products, have))
        yield {
          at: line.node.span,
          title: `${job.name} reads ${path} of ${[...makers][0] ?? ''}, and does not get it`,
          saw: `${line.text.slice(0, 100)}; artifacts come from ${[...brought].slice(0, 5).join(', ') || 'no job'}`,
        };
    }
  },
};

const readers =
  /^(?:sudo\s+)?(cp|cat|tar\s+-?[a-z]*x[a-z]*|unzip|source|\.|dpkg\s+-i|docker\s+load\s+-i|codesign|productsign|chmod|sha256sum|shasum|xcrun\s+\w+)\s+(.*)$/;

/** Reads of a product before anything in the script could have made it; a `cd` ends what can be told. */
function* firstReads(
  lines: readonly CodeLine[],
  products: ReadonlyMap<string, ReadonlySet<string>>,
  have: readonly string[],
): Iterable<{ path: string; makers: ReadonlySet<string>; line: CodeLine }> {
  const open = new Map(
    [...products].filter(([path]) => !have.some((one) => isWithin(path, one) || isWithin(one, path))),
  );
  for (const line of lines) {
    if (open.size === 0 || /(?:^|[;&|(]\s*)(?:cd|pushd)\s/.test(line.text)) return;
    const [, command = '', rest = ''] = readers.exec(line.text) ?? [];
    const words =
      rest
        .split(/[|;&<>]/)[0]
        ?.split(/\s+/)
        .map((word) => word.replace(/["']/g, '').replace(/^\.\//, '')) ?? [];
    const read = (command === 'cp' ? words.slice(0, -1) : words).filter(
      (word) => !word.startsWith('-') && !word.includes('$'),
    );
    for (const [path, makers] of [...open]) {
      if (read.some((word) => isWithin(word, path))) yield { path, makers, line };
      const base = path.split('/').slice(0, 2).join('/');
      if (line.text.includes(base)) open.delete(path);
    }
  }
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}

/** By path: the jobs whose artifacts hold it; only what no file of the checkout could be, and what has two parts, to be sure. */
function productsOf(configuration: Configuration, files: CiFiles): Map<string, Set<string>> {
  const tracked = files.list();
  const folders = new Set(tracked.flatMap((file) => [file, ...parents(file)]));
  const found = new Map<string, Set<string>>();
  for (const job of configuration.jobs.values())
    for (const path of expanded(configuration, job, textsOf(get(get(job.keywords, 'artifacts'), 'paths')))) {
      if (!path.includes('/') || /[*?[\]{}$]/.test(path) || folders.has(path)) continue;
      found.set(path, (found.get(path) ?? new Set()).add(job.name));
    }
  return found;
}

function parents(file: string): string[] {
  const parts = file.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function expanded(configuration: Configuration, job: JobDefinition, paths: readonly string[]): string[] {
  const variables = staticVariables(configuration, job);
  return paths.map((path) =>
    expandVariables(path, variables, true)
      .replace(/^\$\{?CI_PROJECT_DIR\}?\//, '')
      .replace(/^\.\//, '')
      .replace(/\/+$/, ''),
  );
}
