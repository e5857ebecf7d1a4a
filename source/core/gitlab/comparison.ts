/** What lies between two commits. */
export interface Comparison {
  /** Oldest first. */
  readonly commits: readonly ComparedCommit[];
  /** Every path that differs, of renamed files both names. */
  readonly paths: readonly string[];
  /** False when the server left paths out, because there are too many or it took too long. */
  readonly isWhole: boolean;
}

export interface ComparedCommit {
  readonly sha: string;
  readonly title: string;
  /** ISO 8601 UTC, when it was committed. */
  readonly at: string;
}
