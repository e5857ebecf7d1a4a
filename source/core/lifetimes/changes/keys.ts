import type { JobEdit } from '../../ci/edit/model.ts';
import { originOf, usersOf, valueAt } from '../../ci/edit/origin.ts';
import { get } from '../../ci/yaml/node.ts';
import { counted } from '../../text/format.ts';
import { cacheText } from '../measured.ts';
import type { KeptCache } from '../survey.ts';
import { fallbackOf, keyWords, keyYaml, type NewKey, newKeyOf } from './cacheKey.ts';
import { type ChangeInput, type Expected, isWanted, nothing, type Proposal, unmeasured } from './model.ts';

const words = {
  name: 'keys',
  title: 'Find caches again under better keys',
  tradeOff:
    'A key from the lock file is found on every branch until the lock file changes, then it is cold once; fallback keys match whole, so none can name its predecessor. A key per branch, as planned, is cold on each new branch, and keeps what is no longer needed. Jobs that share a key store it one after the other.',
} as const;

/** One place where a cache is written, with the jobs that take it from there. */
interface Site {
  readonly cache: KeptCache;
  readonly key: NewKey;
  readonly jobs: readonly string[];
}

/** Keys that all jobs of the same dependencies share, in place of one for each job or each run. */
export function proposeKeys(input: ChangeInput): Proposal {
  const { caches } = input.lifetimes;
  if (caches.length === 0) return nothing(words, 'impossible', 'no job has a cache');
  const notes: string[] = [];
  const sites = sitesOf(input, notes);
  if (sites.length === 0)
    return nothing(words, 'done', 'no cache is kept for one job or one run alone', notes);
  const before = new Set(
    caches.filter(({ job }) => sites.some(({ jobs }) => jobs.includes(job))).map(copiesOf),
  );
  const after = new Set(sites.map(({ key }) => keyWords(key)));
  const jobs = [...new Set(sites.flatMap((site) => site.jobs))];
  return {
    ...nothing(words, 'done', '', notes),
    state: 'open',
    because: sites
      .map(({ cache, key, jobs: users }) => `${users.join(', ')}: ${cache.key ?? ''} → ${keyWords(key)}`)
      .join('; '),
    edits: sites.flatMap((site) => editsOf(site, input)),
    jobs,
    saves: [
      `${counted(before.size, 'copy', 'copies')} of the caches for each branch or lock file become ${after.size}.`,
      ...jobs.map((job) => {
        const measure = input.measures.get(job);
        return `${job}: ${measure ? cacheText(measure) : `${unmeasured}, since no log was read`}.`;
      }),
      ...coldText(sites, input),
    ],
    expected: jobs.flatMap((job) => expectedOf(job, input)),
    fillsCaches: true,
    marks: jobs.map((job) => ({
      job,
      pattern: 'Successfully extracted cache',
      shows: 'a cache that was found',
    })),
  };
}

function copiesOf({ job, key = '' }: KeptCache): string {
  return /CI_JOB_NAME/.test(key) ? `${key} ${job}` : key;
}

function sitesOf(input: ChangeInput, notes: string[]): Site[] {
  const places = Map.groupBy(input.lifetimes.caches, ({ node }) => {
    const { file, start } = (get(node, 'key') ?? node).span;
    return `${file}:${start}`;
  });
  const sites = [...places.values()].flatMap((users): Site[] => {
    const jobs = users.map(({ job }) => job);
    const chosen = users.filter(({ job }) => isWanted(input, job));
    const [cache] = chosen;
    const key = cache && newKeyOf(cache, input);
    if (!cache || !key) return [];
    if (cache.isListed && (chosen.length < users.length || !get(cache.node, 'key'))) {
      notes.push(`${jobs.join(', ')} share a cache in a list: it is changed for all of them or none`);
      return [];
    }
    return [{ cache, key, jobs: chosen.map(({ job }) => job) }];
  });
  return sites.filter(({ cache, key, jobs }) => {
    const clash = input.lifetimes.caches.find((one) => isTaken(one, key) && !isSame(one.paths, cache.paths));
    const twin = sites.find(
      (one) => keyWords(one.key) === keyWords(key) && !isSame(one.cache.paths, cache.paths),
    );
    const found = clash?.paths ?? twin?.cache.paths;
    if (found)
      notes.push(`${jobs.join(', ')}: ${keyWords(key)} holds other paths already (${found.join(', ')})`);
    return found === undefined;
  });
}

function isTaken({ key }: KeptCache, wanted: NewKey): boolean {
  return wanted.style === 'per-branch' && key === wanted.key;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function editsOf({ cache, key, jobs }: Site, input: ChangeInput): JobEdit[] {
  const fallback = fallbackOf(cache, key, input);
  const isNew = !get(cache.node, 'fallback_keys');
  const { isUnprotected } = input.wanted;
  if (cache.isListed) return listed(cache, key, isNew ? fallback : undefined, isUnprotected);
  const template = templateOf(cache, jobs, input);
  const owners = template === undefined ? jobs : [template];
  const set = (name: string, yaml: string): JobEdit[] =>
    owners.map((job) => ({ kind: 'set', job, path: ['cache', name], yaml }));
  return [
    ...set('key', keyYaml(key, false)),
    ...(fallback !== undefined && isNew ? set('fallback_keys', `- ${fallback}`) : []),
    ...(isUnprotected ? set('unprotect', 'true') : []),
  ];
}

/** The hidden job that writes the cache’s key for these jobs and no other. */
function templateOf(
  { node }: KeptCache,
  jobs: readonly string[],
  { configuration, files }: ChangeInput,
): string | undefined {
  const key = get(node, 'key');
  const owner = key && originOf(files, key)?.owner;
  if (!key || owner === undefined || !owner.startsWith('.')) return undefined;
  const path = ['cache', 'key'];
  if (valueAt(configuration, owner, path)?.span.start !== key.span.start) return undefined;
  return usersOf(configuration, path, key).every((user) => jobs.includes(user)) ? owner : undefined;
}

/** In a list only the key's own bytes are written, so that its neighbours keep theirs. */
function listed(
  cache: KeptCache,
  key: NewKey,
  fallback: string | undefined,
  isUnprotected: boolean,
): JobEdit[] {
  const entry = cache.node.entries.get('key');
  if (!entry) return [];
  const { file, start, end } = entry.value.span;
  const indent = `\n${' '.repeat(entry.key.column - 1)}`;
  const more = [
    ...(fallback === undefined ? [] : [`fallback_keys: [${fallback}]`]),
    ...(isUnprotected ? ['unprotect: true'] : []),
  ];
  return [{ kind: 'text', file, start, end, text: [keyYaml(key, true), ...more].join(indent) }];
}

/** Only a job that was seen to be faster with its cache is expected to be. */
function expectedOf(job: string, { measures }: ChangeInput): Expected[] {
  const measure = measures.get(job);
  if (!measure?.warm || !measure.cold || measure.gain.verdict !== 'less') return [];
  const { warm, cold } = measure;
  const because = `medians of ${warm.n} runs that found their cache and ${cold.n} that did not`;
  return [{ job, cold: cold.median, warm: warm.median, because }];
}

function coldText(sites: readonly Site[], { isSeparated, wanted, measures }: ChangeInput): string[] {
  const isLocal = [...measures.values()].some(({ local }) => local > 0);
  const hasBranches = sites.some(({ key }) => key.style === 'per-branch');
  return [
    'The first run under a new key finds nothing.',
    ...(hasBranches
      ? ['With a key per branch, so does the first run on each new branch that no fallback serves.']
      : []),
    ...(isSeparated === true && !wanted.isUnprotected
      ? [
          'The project keeps caches of protected refs apart: other branches do not find what the default branch stored.',
        ]
      : []),
    ...(isLocal
      ? [
          'The runners keep caches on their own disks: a job that another runner takes finds nothing under any key.',
        ]
      : []),
  ];
}
