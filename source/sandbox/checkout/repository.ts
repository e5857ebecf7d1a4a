import { type Blob, type Commit, commitOf, type Person, type Tree } from './objects.ts';

/** A git repository in memory: commits by id, and what branches and tags point at. */
export class Repository {
  readonly commits = new Map<string, Commit>();
  readonly branches = new Map<string, string>();
  /** Lightweight tags. */
  readonly tags = new Map<string, string>();

  /** Adds a commit. `at` in seconds since the epoch; `message` as it is stored, with its line end. */
  commit(parts: {
    readonly parents: readonly string[];
    readonly author: Person;
    readonly at: number;
    readonly message: string;
    readonly tree: Tree;
  }): Commit {
    const commit = commitOf(parts);
    this.commits.set(commit.sha, commit);
    return commit;
  }

  /** The commit that a branch, a tag, a full or a short id names. */
  find(ref: string): Commit | undefined {
    const named = this.branches.get(ref) ?? this.tags.get(ref) ?? ref.replace(/^refs\/(?:heads|tags)\//, '');
    const sha = this.branches.get(named) ?? this.tags.get(named) ?? named;
    const exact = this.commits.get(sha);
    if (exact || !/^[0-9a-f]{7,40}$/.test(sha)) return exact;
    return [...this.commits.values()].find((commit) => commit.sha.startsWith(sha));
  }

  /** The first-parent history of a commit, newest first. */
  *log(from: Commit): Iterable<Commit> {
    for (let commit: Commit | undefined = from; commit; ) {
      yield commit;
      const parent: string | undefined = commit.parents[0];
      commit = parent === undefined ? undefined : this.commits.get(parent);
    }
  }

  /** The newest commit, from `from` on, that changed a path. */
  lastChange(from: Commit, path: string): Commit {
    const own = from.tree.get(path)?.content;
    let last = from;
    for (const commit of this.log(from)) {
      const content = commit.tree.get(path)?.content;
      if (!content || !own?.equals(content)) break;
      last = commit;
    }
    return last;
  }

  /** Paths in which a commit differs from another; every path when there is no other. */
  changes(commit: Commit, before: Commit | undefined): string[] {
    const paths = new Set([...commit.tree.keys(), ...(before?.tree.keys() ?? [])]);
    return [...paths].filter((path) => !same(commit.tree.get(path), before?.tree.get(path)));
  }
}

function same(a: Blob | undefined, b: Blob | undefined): boolean {
  return a !== undefined && b !== undefined && a.mode === b.mode && a.content.equals(b.content);
}
