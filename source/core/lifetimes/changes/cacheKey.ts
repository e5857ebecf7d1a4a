import { slugify } from '../../ci/predefined.ts';
import { get, plain, scalarText, textsOf } from '../../ci/yaml/node.ts';
import type { KeptCache } from '../survey.ts';
import type { ChangeInput } from './model.ts';

/** A key as it is to be written. */
export type NewKey =
  | { readonly style: 'lock-file'; readonly lock: string; readonly prefix: string }
  | { readonly style: 'per-branch'; readonly key: string };

/** Variables that are other in each job, ref or run: what a shared key must not hold. */
const own = /\$\{?CI_JOB_NAME(?:_SLUG)?\b\}?/g;
const perRef = /\$\{?CI_COMMIT_(?:REF_SLUG|REF_NAME|BRANCH)\b\}?/g;
const perRun = /\$\{?(?:CI_PIPELINE_ID|CI_PIPELINE_IID|CI_JOB_ID|CI_COMMIT_SHA|CI_COMMIT_SHORT_SHA)\b\}?/g;
const other = /\$\{?CI_(?:JOB_STAGE|DEFAULT_BRANCH|PIPELINE_SOURCE)\b\}?/g;

/** Whether each job, or each run, has the cache for itself alone. */
export function isUnshared(key: string): boolean {
  return key.search(own) >= 0 || key.search(perRun) >= 0;
}

/** What tells whether jobs may keep a cache together. */
export type Sharing = Pick<ChangeInput, 'lifetimes' | 'configuration'>;

/** Whether a cache is kept for one job or one run alone although others would find it as useful. */
export function isWasted(cache: KeptCache, sharing: Sharing): boolean {
  const { key } = cache;
  if (key === undefined || !isUnshared(key)) return false;
  if (key.search(perRun) >= 0) return true;
  const paths = JSON.stringify(cache.paths);
  const others = sharing.lifetimes.caches.some(
    (one) => one.job !== cache.job && JSON.stringify(one.paths) === paths,
  );
  return others && mayShare(cache, sharing);
}

/** The key of a cache in the style wanted; undefined where it has one, or where another would not be better. */
export function newKeyOf(cache: KeptCache, input: ChangeInput): NewKey | undefined {
  const { key, lock, folder } = cache;
  if (key === undefined || cache.paths.length === 0) return undefined;
  const { keyStyle } = input.wanted;
  const isWorse = isWasted(cache, input);
  const isDependencies = folder !== undefined && folder.kind !== 'built';
  if (keyStyle !== 'per-branch' && lock !== undefined && isDependencies) {
    const isCold =
      key.search(perRef) >= 0 || (folder.kind === 'installed' && !/\$\{?(?!CI_)[A-Za-z_]\w*/.test(key));
    return isWorse || isCold ? { style: 'lock-file', lock, prefix: named(cache, input) } : undefined;
  }
  if (keyStyle === 'lock-file' || !isWorse) return undefined;
  const perBranch = `${named(cache, input)}-$CI_COMMIT_REF_SLUG`;
  return perBranch === key ? undefined : { style: 'per-branch', key: perBranch };
}

/** The key that a job without a cache begins with, where one can be found: keys match whole, and protected refs have keys of their own. */
export function fallbackOf(cache: KeptCache, key: NewKey, input: ChangeInput): string | undefined {
  const { wanted, isSeparated, defaultBranch } = input;
  const branch = slugify(defaultBranch);
  if (wanted.fallback === 'none') return undefined;
  if (wanted.fallback === 'previous') {
    const before = cache.key;
    return before === undefined || before.search(perRun) >= 0 ? undefined : before.replace(perRef, branch);
  }
  if (key.style === 'lock-file') return undefined;
  const isSeen = isSeparated === false || wanted.isUnprotected;
  if (wanted.fallback === 'auto' && !isSeen) return undefined;
  return key.key.replaceAll('$CI_COMMIT_REF_SLUG', branch);
}

/** What the key is about: what it said beyond job, ref and run, else the tool. Jobs that cannot share keep their name in it. */
function named(cache: KeptCache, input: ChangeInput): string {
  const stem = (cache.key ?? '')
    .replace(own, '')
    .replace(perRef, '')
    .replace(perRun, '')
    .replace(other, '')
    .replace(/[-_.:]{2,}/g, '-')
    .replace(/^[-_.:]+|[-_.:]+$/g, '');
  const name = stem === '' || stem === 'default' ? (cache.folder?.tool ?? 'cache') : stem;
  return (cache.key ?? '').search(own) >= 0 && !mayShare(cache, input) ? `$CI_JOB_NAME-${name}` : name;
}

/** Whether all jobs that keep these paths may keep them together: downloads anywhere, else only in one image on one kind of runner. */
function mayShare(cache: KeptCache, { lifetimes, configuration }: Sharing): boolean {
  if (cache.folder?.kind === 'downloads') return true;
  const paths = JSON.stringify(cache.paths);
  const places = lifetimes.caches
    .filter((one) => JSON.stringify(one.paths) === paths && one.key !== undefined && isUnshared(one.key))
    .map(({ job }) => {
      const keywords = configuration.jobs.get(job)?.keywords;
      const [image, tags] = ['image', 'tags'].map((name) => get(keywords, name));
      return JSON.stringify([image && plain(image), tags && plain(tags)]);
    });
  return cache.folder?.kind === 'installed' && new Set(places).size <= 1;
}

/** The key that a cache has, where jobs share it. */
export function newKeyIn({ key, node }: KeptCache): NewKey | undefined {
  if (key !== undefined) return isUnshared(key) ? undefined : { style: 'per-branch', key };
  const written = get(node, 'key');
  const [lock] = textsOf(get(written, 'files') ?? get(written, 'files_commits'));
  const prefix = scalarText(get(written, 'prefix')) ?? '';
  return lock === undefined ? undefined : { style: 'lock-file', lock, prefix };
}

/** As YAML, for the value of `key:`; in one line where it is to stand in a list. */
export function keyYaml(key: NewKey, isOneLine: boolean): string {
  if (key.style === 'per-branch') return JSON.stringify(key.key);
  const prefix = /^[A-Za-z][\w.-]*$/.test(key.prefix) ? key.prefix : JSON.stringify(key.prefix);
  const lock = /^[\w./-]+$/.test(key.lock) ? key.lock : JSON.stringify(key.lock);
  return isOneLine ? `{files: [${lock}], prefix: ${prefix}}` : `files:\n  - ${lock}\nprefix: ${prefix}`;
}

/** As the runner begins it in a log, as a regular expression. */
export function keyPattern(key: NewKey): string {
  if (key.style === 'lock-file' && key.prefix === '') return '[0-9a-f]';
  const text = key.style === 'lock-file' ? `${key.prefix}-` : key.key;
  return text
    .split(/\$\{?\w+\}?/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('\\S+');
}

/** In words: `uv-$CI_COMMIT_REF_SLUG`, `uv.lock under uv`. */
export function keyWords(key: NewKey): string {
  return key.style === 'lock-file' ? `the lock file ${key.lock}, under ${key.prefix}` : key.key;
}
