import type { JobDefinition, Node } from '../model.ts';
import { cachesOf } from '../schema/cache.ts';
import { parseDuration } from '../schema/duration.ts';
import { needsOf } from '../schema/job.ts';
import { stageOf } from '../validate.ts';
import { get, isNull, scalarText, textOf, textsOf } from '../yaml/node.ts';
import type { CheckInput, Rule } from './rule.ts';
import { publishes } from './shared.ts';

/** Every cache once, with the first job that uses it. */
function caches({ configuration }: CheckInput): { job: JobDefinition; cache: Node }[] {
  const found = new Map<Node, JobDefinition>();
  for (const job of configuration.jobs.values())
    for (const cache of cachesOf(job.keywords)) if (!found.has(cache)) found.set(cache, job);
  return [...found].map(([cache, job]) => ({ job, cache }));
}

function writes(cache: Node): boolean {
  return ['pull-push', 'push'].includes(textOf(get(cache, 'policy')) ?? 'pull-push');
}

/** Folders that a tool fills for one set of dependencies, and the lock files that name it. */
const locked: readonly [folder: RegExp, locks: readonly string[]][] = [
  [/(?:^|\/)node_modules\/?$/, ['package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock']],
  [/(?:^|\/)\.?venv\/?$/, ['uv.lock', 'poetry.lock', 'Pipfile.lock']],
  [/(?:^|\/)vendor\/(?:bundle|ruby)\/?$/, ['Gemfile.lock']],
  [/(?:^|\/)vendor\/?$/, ['composer.lock', 'Gemfile.lock', 'go.sum']],
  [/(?:^|\/)\.cache\/uv\/?$|(?:^|\/)\.uv-cache\/?$/, ['uv.lock']],
  [/(?:^|\/)target\/?$|(?:^|\/)\.cargo\/?$/, ['Cargo.lock']],
];

export const cacheIgnoresLock: Rule = {
  id: 'cache-ignores-lock',
  severity: 'info',
  summary: 'A cache of dependencies whose key does not follow the lock file of the checkout.',
  why: 'After the lock file changes, jobs still begin with the old dependencies, and the cache only grows.',
  fix: { text: 'Take the key from the lock file (key: {files: [LOCK], prefix: …}).' },
  *check(input) {
    const tracked = new Set(input.files.list());
    for (const { job, cache } of caches(input)) {
      const key = get(cache, 'key');
      if (key?.kind === 'mapping' || /\$\{?(?!CI_)[A-Za-z_]/.test(textOf(key) ?? '') || !writes(cache))
        continue;
      for (const path of textsOf(get(cache, 'paths'))) {
        const lock = locked.find(([folder]) => folder.test(path))?.[1].find((name) => tracked.has(name));
        if (lock === undefined) continue;
        yield {
          at: (key ?? cache).span,
          title: `the cache of ${job.name} does not follow ${lock}`,
          saw: `key: ${textOf(key) ?? 'default'}, for ${path}`,
        };
        break;
      }
    }
  },
};

export const cacheMixesBranches: Rule = {
  id: 'cache-mixes-branches',
  severity: 'info',
  summary: 'A constant cache key under which every branch stores installed or built files.',
  why: 'The last branch to finish decides what all others begin with; a merge request can break another one.',
  fix: {
    text: 'Put $CI_COMMIT_REF_SLUG or the lock file into the key, or let only the default branch push.',
  },
  *check(input) {
    const inMerge = new Set(input.sets.get('merge_request')?.jobs.map(({ definition }) => definition.name));
    const inPush = new Set(input.sets.get('push')?.jobs.map(({ definition }) => definition.name));
    for (const { job, cache } of caches(input)) {
      const key = get(cache, 'key');
      const text = scalarText(key);
      if (!key || text === undefined || text.includes('$') || !writes(cache)) continue;
      if (!inMerge.has(job.name) || !inPush.has(job.name)) continue;
      const path = textsOf(get(cache, 'paths')).find((one) =>
        /(?:^|\/)(?:node_modules|\.?venv|vendor|target|build|dist|\.terraform)\/?$/.test(one),
      );
      if (path !== undefined)
        yield {
          at: key.span,
          title: `every branch stores ${path} of ${job.name} under one key`,
          saw: `key: ${text}`,
        };
    }
  },
};

export const fallbackProtected: Rule = {
  id: 'cache-fallback-protected',
  severity: 'info',
  summary: 'A fallback key of the default branch, for jobs of unprotected branches.',
  why: 'GitLab ends every key with -protected or -non_protected, fallback keys too: while the default branch is protected, other branches do not see its cache.',
  fix: {
    text: 'Set unprotect: true in this cache, or switch off “Use separate caches for protected branches”, if its jobs may trust each other.',
  },
  *check(input) {
    const inMerge = new Set(input.sets.get('merge_request')?.jobs.map(({ definition }) => definition.name));
    for (const { job, cache } of caches(input)) {
      const unprotect = get(cache, 'unprotect');
      if (!inMerge.has(job.name) || (unprotect?.kind === 'scalar' && unprotect.value === true)) continue;
      const keys = get(cache, 'fallback_keys');
      const key = textsOf(keys).find((one) =>
        /\$\{?CI_DEFAULT_BRANCH\b|(?:^|[-_/])(?:main|master)$/.test(one),
      );
      if (keys && key !== undefined)
        yield {
          at: keys.span,
          title: `merge requests do not see the cache of the default branch that ${job.name} falls back to`,
          saw: `fallback_keys: ${key}`,
        };
    }
  },
};

/** Less than this is over before a queue is. */
const shortest = 600;

/** Jobs whose artifacts a job downloads: what it needs, or all of earlier stages. */
function makersFor({ jobs, stages }: CheckInput['configuration'], job: JobDefinition): string[] {
  const { keywords } = job;
  const chosen = get(keywords, 'dependencies');
  if (!isNull(get(keywords, 'needs')))
    return needsOf(keywords).map((need) => textOf(need) ?? textOf(get(need, 'job')) ?? '');
  if (chosen && !isNull(chosen)) return textsOf(chosen);
  const stage = (one: JobDefinition): number => stages.indexOf(stageOf(one));
  return [...jobs.values()].filter((one) => stage(one) < stage(job)).map(({ name }) => name);
}

export const artifactsExpire: Rule = {
  id: 'artifacts-expire-early',
  severity: 'warning',
  summary: 'Artifacts that expire within minutes, or before a delayed job that needs them starts.',
  why: 'The needing job fails with “artifacts have expired” when the queue is long, or always.',
  fix: { text: 'Let them live longer than the pipeline, for example expire_in: 1 day.' },
  *check({ configuration }) {
    const seen = new Set<Node>();
    for (const job of configuration.jobs.values())
      for (const name of makersFor(configuration, job)) {
        const node = get(get(configuration.jobs.get(name)?.keywords, 'artifacts'), 'expire_in');
        const lasts = parseDuration(scalarText(node) ?? '');
        const waits = parseDuration(scalarText(get(job.keywords, 'start_in')) ?? '') ?? 0;
        if (!node || lasts === undefined || lasts === 0 || lasts > Math.max(shortest, waits)) continue;
        if (seen.has(node)) continue;
        seen.add(node);
        yield {
          at: node.span,
          title: `the artifacts of ${name} expire before ${job.name} is sure to use them`,
          saw: `expire_in: ${scalarText(node) ?? ''}${waits > 0 ? `, and ${job.name} starts in ${waits} s` : ''}`,
        };
      }
  },
};

export const failurePublished: Rule = {
  id: 'failed-product-published',
  severity: 'warning',
  summary: 'Artifacts kept of a failed job that may fail, needed by a job that publishes.',
  why: 'When the job fails the pipeline goes on, and what is published is partial, or not signed.',
  fix: { text: 'Take allow_failure away, or keep the artifacts only on success.' },
  *check({ configuration }) {
    for (const job of configuration.jobs.values()) {
      if (!publishes(job)) continue;
      for (const need of needsOf(job.keywords)) {
        const name = textOf(need) ?? textOf(get(need, 'job')) ?? '';
        const maker = configuration.jobs.get(name)?.keywords;
        const kept = get(get(maker, 'artifacts'), 'when');
        const allowed = get(maker, 'allow_failure');
        const mayFail = allowed?.kind === 'scalar' && allowed.value === true;
        const runsAnyway = textOf(get(job.keywords, 'when')) === 'always';
        const brings = get(need, 'artifacts');
        if (!kept || !['always', 'on_failure'].includes(textOf(kept) ?? '') || !(mayFail || runsAnyway))
          continue;
        if (textsOf(get(get(maker, 'artifacts'), 'paths')).length === 0) continue;
        if (brings?.kind === 'scalar' && brings.value === false) continue;
        yield {
          at: kept.span,
          title: `${job.name} publishes what ${name} made, also when it failed`,
          saw: `artifacts:when: ${textOf(kept) ?? ''}${mayFail ? ' and allow_failure: true' : `, and ${job.name} runs always`}`,
        };
      }
    }
  },
};
