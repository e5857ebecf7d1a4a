/** A branch, and who may push to it. */
export interface Branch {
  readonly name: string;
  /** Its newest commit. */
  readonly sha: string;
  /** Of its newest commit. */
  readonly parents?: readonly string[];
  readonly isProtected: boolean;
  readonly webUrl?: string;
}

export interface MergeRequest {
  /** `!12` in the project. */
  readonly iid: number;
  readonly title: string;
  /** `opened`, `closed`, `merged` or `locked`. */
  readonly state: string;
  /** What GitLab says of merging it, as `detailed_merge_status` names it: `mergeable`, `not_approved`, … */
  readonly mergeStatus?: string;
  /** ISO 8601 UTC. */
  readonly mergedAt?: string;
  readonly source: string;
  readonly target: string;
  readonly webUrl?: string;
}

/** One commit that makes a branch from another commit. */
export interface NewCommit {
  readonly branch: string;
  /** The commit that the branch begins at. */
  readonly base: string;
  readonly message: string;
  readonly files: readonly {
    readonly path: string;
    readonly text: string;
    /** The commit that changed the file last: GitLab refuses when it is another. Absent for a new file. */
    readonly lastCommit?: string;
  }[];
}

export interface NewMergeRequest {
  readonly source: string;
  readonly target: string;
  readonly title: string;
  /** Markdown. */
  readonly description: string;
}
