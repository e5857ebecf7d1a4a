import { cachesOf } from '../schema/cache.ts';
import { get, textOf } from '../yaml/node.ts';
import type { Rule } from './rule.ts';

/** Of a key of one pipeline, job or commit alone: nothing of an earlier run is under it. */
export const keyOfOneRun =
  /\$\{?(CI_PIPELINE_ID|CI_PIPELINE_IID|CI_JOB_ID|CI_COMMIT_SHA|CI_COMMIT_SHORT_SHA)\b/;

export const coldCache: Rule = {
  id: 'cache-never-hits',
  severity: 'warning',
  summary: 'A cache key that is new in every pipeline, used by one job.',
  why: 'Nothing ever finds that key again: each run stores a cache that no run reads.',
  fix: { text: 'Take the key from a lock file (key:files), with the branch as a fallback.' },
  *check({ configuration }) {
    const uses = new Map<string, number>();
    const all = [...configuration.jobs.values()].flatMap((job) =>
      cachesOf(job.keywords).map((cache) => ({ job, cache })),
    );
    for (const { cache } of all) {
      const key = textOf(get(cache, 'key')) ?? '';
      uses.set(key, (uses.get(key) ?? 0) + 1);
    }
    for (const { job, cache } of all) {
      const node = get(cache, 'key');
      const key = textOf(node) ?? '';
      const variable = keyOfOneRun.exec(key)?.[1];
      // A key of the pipeline may carry files from one of its jobs to another; one of the job cannot.
      const isShared = (uses.get(key) ?? 0) > 1 && variable !== 'CI_JOB_ID';
      if (!node || variable === undefined || isShared || get(cache, 'fallback_keys')) continue;
      yield { at: node.span, title: `the cache of ${job.name} can never hit`, saw: `key: ${key}` };
    }
  },
};
