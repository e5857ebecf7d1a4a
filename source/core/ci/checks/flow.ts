import { definedVariables } from '../../variables/defined.ts';
import { expandVariables } from '../expand.ts';
import type { CiFiles, Configuration, JobDefinition } from '../model.ts';
import { cachesOf } from '../schema/cache.ts';
import { needsOf } from '../schema/job.ts';
import { needKind } from '../schema/needs.ts';
import { get, isNull, textOf, textsOf } from '../yaml/node.ts';
import type { Rule } from './rule.ts';
import { type CodeLine, codeLines, staticVariables } from './shared.ts';

/** Whose artifacts a job downloads. */
export interface Sources {
  readonly has: (name: string) => boolean;
  /** For people. */
  readonly text: string;
}

/** Whose artifacts a job downloads as it is written; undefined when it cannot be told. */
export function sources(configuration: Configuration, job: JobDefinition): Sources | undefined {
  const { keywords } = job;
  const list = get(keywords, 'dependencies');
  const chosen = list && !isNull(list) ? new Set(textsOf(list)) : undefined;
  const needs = get(keywords, 'needs');
  if (!needs || isNull(needs)) {
    const stage = stageIndex(configuration, job);
    const isEarlier = (name: string): boolean => {
      const one = configuration.jobs.get(name);
      return one !== undefined && stageIndex(configuration, one) < stage;
    };
    return {
      has: (name) => isEarlier(name) && (chosen?.has(name) ?? true),
      text: chosen ? shown(chosen) : 'the stages before',
    };
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
  return { has: (name) => found.has(name), text: shown(found) };
}

function shown(names: ReadonlySet<string>): string {
  return [...names].slice(0, 5).join(', ') || 'no job';
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
      const brought = sources(configuration, job);
      const lines = codeLines(job);
      if (!brought || lines.some(({ text }) => /(?:^|\s)(?:source|\.)\s/.test(text))) continue;
      const own = new Set(lines.flatMap(({ text }) => assignedIn(text)));
      for (const [key, line] of readsOf(lines)) {
        const writers = producers.get(key);
        if (!writers || own.has(key) || elsewhere.has(key) || [...writers].some(brought.has)) continue;
        const [writer = ''] = writers;
        yield {
          at: get(job.keywords, 'needs')?.span ?? line.at,
          title: `${job.name} reads ${key}, which ${writer} writes, and does not get it`,
          saw: `${line.at.file}:${line.at.line} reads $${key}; artifacts come from ${brought.text}`,
        };
      }
    }
  },
};

function assignedIn(text: string): string[] {
  const assigned = [
    ...text.matchAll(/(?:^|[\s;&|(])(?:export\s+)?([A-Za-z_]\w*)=|\bread\s+(?:-\w+\s+)*([A-Za-z_]\w*)/g),
  ];
  return assigned.map(([, set, read]) => set ?? read ?? '');
}

/** By key: the first line that reads it without a default. */
function readsOf(lines: readonly CodeLine[]): Map<string, CodeLine> {
  const found = new Map<string, CodeLine>();
  for (const line of lines)
    for (const [, bare, braced] of line.text.matchAll(/\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g)) {
      const key = bare ?? braced ?? '';
      if (!found.has(key)) found.set(key, line);
    }
  return found;
}

/** By key: the jobs whose script writes it into the file of their dotenv report. */
export function dotenvVariables({ jobs }: Configuration): Map<string, Set<string>> {
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
      const stores = [get(job.keywords, 'artifacts'), ...cachesOf(job.keywords)];
      const kept = stores.flatMap((store) => textsOf(get(store, 'paths')));
      const have = expanded(configuration, job, kept);
      const variables = staticVariables(configuration, job);
      const lines = codeLines(job).map((line) => ({
        ...line,
        text: expandVariables(line.text, variables, true),
      }));
      for (const { path, makers, line } of firstReads(lines, products)) {
        if ([...makers].some(brought.has) || have.some((one) => isWithin(path, one) || isWithin(one, path)))
          continue;
        yield {
          at: line.at,
          title: `${job.name} reads ${path} of ${[...makers][0] ?? ''}, and does not get it`,
          saw: `${line.text.slice(0, 100)}; artifacts come from ${brought.text}`,
        };
      }
    }
  },
};

const readers =
  /^(?:sudo\s+)?(cp|mv|rsync|scp|install|twine\s+upload|aws\s+s3\s+(?:cp|sync)|gsutil\s+(?:-m\s+)?(?:cp|rsync)|gh\s+release\s+upload|cat|tar\s+-?[a-z]*x[a-z]*|unzip|source|\.|dpkg\s+-i|docker\s+load\s+-i|codesign|productsign|chmod|sha256sum|shasum|xcrun\s+\w+)\s+(.*)$/;

/** Reads of a product before anything in the script could have made it; a `cd` ends what can be told. */
function* firstReads(
  lines: readonly CodeLine[],
  products: ReadonlyMap<string, ReadonlySet<string>>,
): Iterable<{ path: string; makers: ReadonlySet<string>; line: CodeLine }> {
  const seen = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (/(?:^|[;&|(]\s*)(?:cd|pushd)\s/.test(line.text)) return;
    const [, command = '', rest = ''] = readers.exec(line.text) ?? [];
    const words = (rest.split(/[|;&<>]/)[0] ?? '')
      .split(/\s+/)
      .map((word) => word.replace(/["']/g, '').replace(/^\.\//, ''));
    for (const word of /^(?:cp|mv|rsync|scp|install|aws|gsutil)/.test(command) ? words.slice(0, -1) : words) {
      if (word.startsWith('-') || word.includes('$') || word.length > 500) continue;
      const path = [word.replace(/\/+$/, ''), ...parents(word)].find((one) => products.has(one));
      const makers = path === undefined ? undefined : products.get(path);
      if (path === undefined || !makers || seen.has(path)) continue;
      seen.add(path);
      const base = path.split('/').slice(0, 2).join('/');
      const before = lines.slice(0, index);
      if (before.some(({ text }) => text.includes(base))) continue;
      if (path.includes('/') || before.every(({ text }) => makesNothing.test(text)))
        yield { path, makers, line };
    }
  }
}

/** Commands that put no file into the workspace: before others, a build may have made a folder of a common name. */
const makesNothing =
  /^(?:echo|printf|export\s|set\s|test\s|\[|pip3?\s+install|python3?\s+-m\s+pip\s|apt(?:-get)?\s|apk\s|dnf\s|yum\s|brew\s+install|ls\b|pwd|whoami|date|eval\s|chmod\s|mkdir\s|[A-Z_]+=\S*$|\w+\s+--version)/;

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}

/** By path: the jobs whose artifacts hold it; only what no file of the checkout could be, to be sure. */
function productsOf(configuration: Configuration, files: CiFiles): Map<string, Set<string>> {
  const tracked = files.list();
  const folders = new Set(tracked.flatMap((file) => [file, ...parents(file)]));
  const found = new Map<string, Set<string>>();
  for (const job of configuration.jobs.values())
    for (const path of expanded(configuration, job, textsOf(get(get(job.keywords, 'artifacts'), 'paths')))) {
      if (path.length < 3 || /[*?[\]{}$]/.test(path) || folders.has(path)) continue;
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
