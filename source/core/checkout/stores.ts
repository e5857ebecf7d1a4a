import type { Configuration, Place } from '../ci/model.ts';
import { cachesOf } from '../ci/schema/cache.ts';
import { parseDuration } from '../ci/schema/duration.ts';
import { get, isNull, scalarText, textsOf } from '../ci/yaml/node.ts';

/** A `cache:` of a job, as far as it decides what is found again. */
export interface JobCache {
  readonly job: string;
  /** The key as written; `files: a, b` for keys from files; `default` when there is none. */
  readonly key: string;
  readonly paths: readonly string[];
  readonly policy: string;
  readonly at: Place;
}

/** The `artifacts:` of a job. */
export interface JobArtifacts {
  readonly job: string;
  readonly paths: readonly string[];
  /** As written; absent for the server's default. */
  readonly expireIn?: string;
  /** Seconds; absent when there is none, or it is `never` or no duration. */
  readonly expiresAfter?: number;
  readonly at: Place;
}

/** What the jobs of a configuration keep for later: caches between pipelines, artifacts within one. */
export function storesOf({ jobs }: Configuration): { caches: JobCache[]; artifacts: JobArtifacts[] } {
  const caches: JobCache[] = [];
  const artifacts: JobArtifacts[] = [];
  for (const { name, keywords } of jobs.values()) {
    for (const cache of cachesOf(keywords)) {
      const key = get(cache, 'key');
      const files = textsOf(get(key, 'files') ?? get(key, 'files_commits'));
      caches.push({
        job: name,
        key: scalarText(key) ?? (files.length > 0 ? `files: ${files.join(', ')}` : 'default'),
        paths: textsOf(get(cache, 'paths')),
        policy: scalarText(get(cache, 'policy')) ?? 'pull-push',
        at: placeOf((key ?? cache).span),
      });
    }
    const node = get(keywords, 'artifacts');
    if (!node || isNull(node)) continue;
    const expire = get(node, 'expire_in');
    const expireIn = scalarText(expire);
    const expiresAfter = expireIn === undefined ? undefined : parseDuration(expireIn);
    artifacts.push({
      job: name,
      paths: textsOf(get(node, 'paths')),
      at: placeOf((expire ?? node).span),
      ...(expireIn === undefined ? {} : { expireIn }),
      ...(expiresAfter === undefined ? {} : { expiresAfter }),
    });
  }
  return { caches, artifacts };
}

function placeOf({ file, line, column }: Place): Place {
  return { file, line, column };
}
