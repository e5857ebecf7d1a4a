/**
 * What the program knows of GitLab, in its own words. Times are ISO 8601 UTC, durations seconds. Text of these types is
 * already safe to show: services make it so. Fields that a server or role does not give are absent.
 */

export interface Project {
  readonly id: number;
  /** `tinyland/ai/huskycat`. */
  readonly path: string;
  readonly defaultBranch?: string;
  readonly webUrl: string;
  readonly visibility?: string;
  readonly archived: boolean;
  /** The highest of the project's and the group's access level: 30 Developer, 40 Maintainer, 50 Owner. */
  readonly accessLevel?: number;
  /** `.gitlab-ci.yml` when absent. */
  readonly ciConfigPath?: string;
  /** Branches and tags of different protection have caches of their own. */
  readonly separatedCaches?: boolean;
  readonly keepLatestArtifact?: boolean;
}

export interface TokenInfo {
  readonly kind: 'personal' | 'oauth' | 'job' | 'fine-grained' | 'unknown';
  readonly name?: string;
  /** Absent when the server does not tell, as for fine-grained and job tokens. */
  readonly scopes?: readonly string[];
  /** A date (PAT) or a time (OAuth); absent means it does not expire, or is not known. */
  readonly expiresAt?: string;
  readonly user?: string;
}

export interface VariableOwner {
  readonly kind: 'project' | 'group' | 'instance';
  /** Path of the project or group. */
  readonly path: string;
}

/** What may be said of a value that is never shown. */
export interface ValueFacts {
  readonly empty: boolean;
  /** More than one line. */
  readonly multiline: boolean;
  /** GitLab would accept it as masked: one line, 8 characters or more, no spaces; without `raw`, only the masking alphabet. */
  readonly maskable: boolean;
  /** Holds a `$`, which is a reference unless the variable is raw. */
  readonly hasDollar: boolean;
}

export interface Variable {
  readonly key: string;
  readonly type: 'env_var' | 'file';
  readonly masked: boolean;
  readonly hidden: boolean;
  readonly protected: boolean;
  readonly raw: boolean;
  /** Environment scope, `*` for all. */
  readonly scope: string;
  readonly description?: string;
  readonly owner: VariableOwner;
  /** Absent for hidden variables. */
  readonly value?: ValueFacts;
}

export interface VariableListing {
  readonly variables: readonly Variable[];
  /** Owners whose variables could not be read, and why: `403 Forbidden: needs the role Owner`. */
  readonly unreadable: readonly { readonly owner: VariableOwner; readonly because: string }[];
}

/** Protected branches and tags, with their wildcards: `main`, `v*`. */
export interface Protections {
  readonly branches: readonly string[];
  readonly tags: readonly string[];
}

export interface Runner {
  readonly id: number;
  readonly description: string;
  readonly kind: 'instance' | 'group' | 'project';
  readonly status: 'online' | 'offline' | 'stale' | 'never_contacted' | 'unknown';
  readonly paused: boolean;
  /** Absent when the role may not see them. */
  readonly tags?: readonly string[];
  readonly runUntagged?: boolean;
  /** Takes jobs of protected refs only. */
  readonly protectedOnly?: boolean;
  readonly locked?: boolean;
  readonly active?: boolean;
  readonly busy?: boolean;
  readonly contactedAt?: string;
  readonly version?: string;
}

export interface RunnerListing {
  readonly runners: readonly Runner[];
  /** Why the list or its fields are not whole: `tags need the role Maintainer`. */
  readonly incomplete?: string;
}

export type PipelineStatus =
  | 'created'
  | 'waiting_for_resource'
  | 'preparing'
  | 'waiting_for_callback'
  | 'pending'
  | 'running'
  | 'canceling'
  | 'success'
  | 'failed'
  | 'canceled'
  | 'skipped'
  | 'manual'
  | 'scheduled'
  | 'unknown';

export interface PipelineSummary {
  readonly id: number;
  readonly iid: number;
  /** Absent on servers that do not tell; a bridge may start a pipeline of another project. */
  readonly projectId?: number;
  readonly status: PipelineStatus;
  readonly ref: string;
  readonly sha: string;
  /** `push`, `merge_request_event`, `schedule`, `web`, `parent_pipeline`, … */
  readonly source: string;
  readonly name?: string;
  readonly createdAt: string;
  readonly updatedAt?: string;
  readonly webUrl: string;
}

export interface Pipeline extends PipelineSummary {
  readonly tag: boolean;
  /** The commit that its branch was at before the push; absent where no push moved a branch. */
  readonly beforeSha?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly duration?: number;
  readonly queuedDuration?: number;
  readonly yamlErrors?: string;
  readonly user?: string;
}

export interface PipelineJob {
  readonly id: number;
  readonly name: string;
  readonly stage: string;
  readonly kind: 'build' | 'bridge';
  readonly status: PipelineStatus;
  readonly allowFailure: boolean;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly duration?: number;
  readonly queuedDuration?: number;
  readonly failureReason?: string;
  readonly webUrl: string;
  readonly tags: readonly string[];
  readonly runner?: { readonly id: number; readonly description: string };
  readonly artifacts: readonly { readonly type: string; readonly file: string; readonly size: number }[];
  readonly artifactsExpireAt?: string;
  /** For a bridge whose pipeline exists. */
  readonly downstream?: PipelineSummary;
}

/** The pipeline whose bridge started another one. */
export interface Upstream {
  readonly id: number;
  /** Path of its project; absent when it may not be seen. */
  readonly project?: string;
  /** Name of the bridge; absent on older servers. */
  readonly bridge?: string;
}

/** What each job of a pipeline waits for, and who said so. `stages`: nothing better than stage order was to be had. */
export interface PipelineEdges {
  readonly source: 'graphql' | 'lint' | 'local' | 'stages';
  /** False when the source left jobs out, or rules may have changed what it says. */
  readonly exact: boolean;
  /** In the order they run. */
  readonly stages: readonly string[];
  /** By job name; null is stage order, empty starts at once. */
  readonly needs: Readonly<Record<string, readonly string[] | null>>;
}

export interface LintResult {
  readonly valid: boolean;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly mergedYaml?: string;
  readonly jobs: readonly {
    readonly name: string;
    readonly stage: string;
    readonly needs?: readonly string[];
  }[];
  readonly includes: readonly { readonly type: string; readonly location: string }[];
}

export interface RegistryRepository {
  readonly id: number;
  /** `tinyland/ai/huskycat/cache`. */
  readonly path: string;
  /** `registry.gitlab.com/tinyland/ai/huskycat/cache`. */
  readonly location: string;
  readonly tagCount?: number;
  readonly size?: number;
}

/** GitLab's own count of requests, from the `RateLimit-*` headers of the last answer that had them. */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  readonly resetsAt?: string;
}
