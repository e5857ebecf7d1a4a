import type { PipelineEvent } from '../ci/model.ts';
import { matchesGlob } from '../ci/rules/glob.ts';
import type { Protections } from '../gitlab/model.ts';

/** Where a job runs, as far as protection matters. */
export interface RefOfInterest {
  /** As shown: `main`, `merge requests`, `tag v2.0.0`. */
  readonly name: string;
  readonly event: PipelineEvent;
  readonly protected: boolean;
}

export interface RefNames {
  readonly defaultBranch: string;
  /** A version tag that exists, newest last; `v1.0.0` stands for them when there is none. */
  readonly tags: readonly string[];
}

/** The default branch, another branch, a merge request and a version tag, with their protection. */
export function refsOfInterest({ branches, tags }: Protections, names: RefNames): RefOfInterest[] {
  const tag = names.tags.at(-1) ?? 'v1.0.0';
  const isProtected = (patterns: readonly string[], name: string): boolean =>
    patterns.some((pattern) => matchesProtection(pattern, name));
  return [
    { name: names.defaultBranch, event: 'push', protected: isProtected(branches, names.defaultBranch) },
    { name: 'other branches', event: 'web', protected: isProtected(branches, 'a-branch-of-no-rule') },
    { name: 'merge requests', event: 'merge_request', protected: false },
    { name: `tag ${tag}`, event: 'tag', protected: isProtected(tags, tag) },
  ];
}

/** Wildcards of protected refs: `*` stands for any text, slashes too (GitLab's `RefMatcher`). */
function matchesProtection(pattern: string, name: string): boolean {
  return pattern === name || matchesGlob(pattern.replaceAll('/', '\u0001'), name.replaceAll('/', '\u0001'));
}
