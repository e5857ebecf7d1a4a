import { keyOfOneRun } from '../ci/checks/cache.ts';
import { sources } from '../ci/checks/flow.ts';
import { like } from '../ci/checks/imageFlow.ts';
import type { CiFiles, Configuration, JobDefinition, Place } from '../ci/model.ts';
import { flatItems, get, isNull, textOf } from '../ci/yaml/node.ts';
import { type Leaves, type LeftPath, leavesOf } from './leaves.ts';
import { readsOnlyWhatItNames } from './plainCommands.ts';
import { type JobText, readJobText, type Word } from './text.ts';

/**
 * `artifact`: files that the other job uploads. `dotenv`: variables of its report. `image`: an image that it makes. `effect`:
 * something that it changes elsewhere. `cache`: a cache that it fills. `gate`: what is published waits for its result.
 */
export type UseKind = 'artifact' | 'dotenv' | 'image' | 'effect' | 'cache' | 'gate';

/** One thing for which a job waits for another. */
export interface Use {
  readonly kind: UseKind;
  /** The path, the image, the variable, the line. */
  readonly what: string;
  /** False where it cannot be told: it may be used, and is never taken away without being asked for. */
  readonly isSure: boolean;
  /** Where the use is written. */
  readonly at?: Place;
}

/** What jobs of a configuration use of each other, by names of the configuration; each job is read once, when first asked for. */
export interface Uses {
  of(consumer: string, producer: string): readonly Use[];
  leaves(job: string): Leaves | undefined;
}

interface Known {
  readonly job: JobDefinition;
  readonly text: JobText;
  readonly leaves: Leaves;
  readonly isPlain: boolean;
  readonly downloads: (name: string) => boolean;
}

/** Looks at scripts, settings and the files of the checkout that they name. */
export function createUses(configuration: Configuration, files: CiFiles): Uses {
  const known = new Map<string, Known>();
  const found = new Map<string, readonly Use[]>();
  const know = (name: string): Known | undefined => {
    const job = configuration.jobs.get(name);
    if (!job) return undefined;
    const before = known.get(name);
    if (before) return before;
    const text = readJobText(configuration, job, files);
    const from = sources(configuration, job);
    const one: Known = {
      job,
      text,
      leaves: leavesOf(configuration, job, text),
      isPlain: readsOnlyWhatItNames(text.script) && isNull(get(job.keywords, 'trigger')),
      downloads: (other) => from?.has(other) ?? true,
    };
    known.set(name, one);
    return one;
  };
  return {
    leaves: (job) => know(job)?.leaves,
    of(consumer, producer) {
      const key = `${consumer}\0${producer}`;
      const before = found.get(key);
      if (before) return before;
      const [to, from] = [know(consumer), know(producer)];
      const uses = to && from && to !== from ? usesOf(to, from) : [];
      found.set(key, uses);
      return uses;
    },
  };
}

function usesOf(to: Known, from: Known): Use[] {
  const { name } = from.job;
  const isDownloaded = to.downloads(name);
  const uses: (Use | undefined)[] = [
    ...(isDownloaded ? artifactUses(to, from.leaves.paths) : []),
    ...(isDownloaded && from.leaves.dotenv ? dotenvUses(to, from.leaves.dotenv) : []),
    ...generated(to, name),
    ...from.leaves.images.flatMap((image) => imageUse(to, image) ?? []),
    effectUse(to, from),
    cacheUse(to, from),
    to.leaves.publishes === undefined
      ? undefined
      : { kind: 'gate', what: `it publishes: ${to.leaves.publishes}`, isSure: true },
  ];
  return uses.filter((use) => use !== undefined);
}

function artifactUses({ text, isPlain }: Known, paths: readonly LeftPath[]): Use[] {
  const seen = paths.flatMap((path): Use[] => {
    const word = text.words.find((one) => touches(one, path));
    if (!word) return [];
    return [{ kind: 'artifact', what: path.text === '' ? 'any file' : path.text, isSure: true, at: word.at }];
  });
  if (seen.length > 0) return seen;
  const maybe = paths.find(({ isReport }) => !isReport);
  if (!maybe || (isPlain && paths.every(({ text: begin }) => begin !== ''))) return [];
  return [{ kind: 'artifact', what: maybe.text === '' ? 'any file' : maybe.text, isSure: false }];
}

/** The same path, a folder of it, or something in it. */
function touches({ text, isOpen }: Word, path: LeftPath): boolean {
  if (path.text === '') return false;
  if (text === path.text || text.startsWith(`${path.text}/`) || path.text.startsWith(`${text}/`)) return true;
  return (path.isOpen && text.startsWith(path.text)) || (isOpen && text !== '' && path.text.startsWith(text));
}

function dotenvUses({ text }: Known, keys: ReadonlySet<string>): Use[] {
  const seen = [...keys].filter((key) => new RegExp(`\\$\\{?${key}\\b|\\b${key}\\b`).test(text.whole));
  if (seen.length > 0) return seen.map((key) => ({ kind: 'dotenv', what: `$${key}`, isSure: true }));
  const what = keys.size === 0 ? 'variables of its report' : [...keys].map((key) => `$${key}`).join(', ');
  return [{ kind: 'dotenv', what, isSure: false }];
}

/** The configuration of a child pipeline that another job generates. */
function generated({ job }: Known, producer: string): Use[] {
  return flatItems(get(get(job.keywords, 'trigger'), 'include')).flatMap((item): Use[] =>
    textOf(get(item, 'job')) === producer
      ? [{ kind: 'artifact', what: textOf(get(item, 'artifact')) ?? 'its file', isSure: true, at: item.span }]
      : [],
  );
}

function imageUse({ text }: Known, image: string): Use | undefined {
  const exact = text.references.get(image);
  if (exact) return { kind: 'image', what: image, isSure: true, at: exact.at };
  const [repository, tag] = split(image);
  for (const [token, { at, isImage }] of text.references) {
    const [otherRepository, otherTag] = split(token);
    if (isNamed(repository) && like(repository, otherRepository) && like(tag, otherTag))
      return { kind: 'image', what: image, isSure: true, at };
    const isSame =
      otherRepository === repository && (/\$(?!CI_)/.test(tag + otherTag) || token === repository);
    const isAny =
      isImage && (!isNamed(otherRepository) || (!isNamed(repository) && otherRepository.includes('$')));
    if (isSame || isAny) return { kind: 'image', what: image, isSure: false, at };
  }
  return undefined;
}

/** Whether more of the name is known than variables that the files do not tell. */
function isNamed(repository: string): boolean {
  return /[\w/]/.test(repository.replace(/\$(?!CI_)\w*/g, ''));
}

function split(image: string): [string, string] {
  const colon = image.lastIndexOf(':');
  return colon > image.lastIndexOf('/') ? [image.slice(0, colon), image.slice(colon + 1)] : [image, 'latest'];
}

function effectUse(to: Known, from: Known): Use | undefined {
  const shared = from.leaves.shared.find((one) => to.leaves.shared.includes(one));
  if (shared !== undefined) return { kind: 'effect', what: shared, isSure: true };
  const { effect } = from.leaves;
  return effect && { kind: 'effect', what: effect.saw, isSure: false };
}

/**
 * A job that only pulls a cache is slower without the one that fills it, though nothing breaks. One that fills it itself finds
 * what earlier pipelines left there; whether it is slower without what the other one adds, nobody can tell.
 */
function cacheUse(to: Known, from: Known): Use | undefined {
  const key = from.leaves.cachesWritten.find((one) => to.leaves.cachesRead.includes(one));
  if (key === undefined) return undefined;
  return {
    kind: 'cache',
    what: key,
    isSure: keyOfOneRun.test(key) || !to.leaves.cachesWritten.includes(key),
  };
}

/** Whether a job must go on waiting for another of which it uses this: for all but a cache that both fill. */
export function mustWait(uses: readonly Use[]): boolean {
  return uses.some(({ kind, isSure }) => kind !== 'cache' || isSure);
}

/** A use in words: `artifact dist/bin, read at huskycat.spec:8`; nothing without one. */
export function describeUse(use: Use | undefined): string {
  if (!use) return '';
  const { kind, what, isSure, at } = use;
  const where = at ? `, read at ${at.file}:${at.line}` : '';
  const name = kind === 'gate' ? what : `${kind} ${what}`;
  return isSure ? `${name}${where}` : `may use ${name}${where}`;
}
