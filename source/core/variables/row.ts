import type { Evidence, Rung } from '../evidence.ts';
import type { VariableOwner } from '../gitlab/model.ts';

/** One line of the Variables pane and of `variables`; never a value. */
export interface VariableRow {
  /** The subject's id: `variable/APPLE_ID`, with `@scope` when the scope is not `*`. */
  readonly id: string;
  readonly key: string;
  readonly rung: Rung;
  /** Why it is wanted: `signing`, `attic`; absent when nothing requires it. */
  readonly required?: string;
  /** Places that read it: `.gitlab/ci/nix.yml:11`. */
  readonly usedBy: readonly string[];
  /** Absent when GitLab was not or could not be asked. */
  readonly present?: boolean;
  readonly masked?: boolean;
  readonly hidden?: boolean;
  readonly protected?: boolean;
  readonly raw?: boolean;
  readonly type?: 'env_var' | 'file';
  readonly scope?: string;
  readonly owner?: VariableOwner;
  /** Refs of interest (default branch, a feature branch, a version tag) on which a job sees it. */
  readonly usableOn?: readonly string[];
  readonly evidence: readonly Evidence[];
  /** Ids. */
  readonly findings: readonly string[];
}
