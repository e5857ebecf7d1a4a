import type { Branch, MergeRequest, NewCommit, NewMergeRequest } from '../../core/gitlab/change.ts';
import type { Comparison } from '../../core/gitlab/comparison.ts';
import type {
  LintResult,
  Pipeline,
  PipelineEdges,
  PipelineJob,
  PipelineSummary,
  Project,
  Protections,
  RateLimit,
  RegistryRepository,
  RunnerListing,
  TokenInfo,
  Upstream,
  VariableListing,
} from '../../core/gitlab/model.ts';
import type { Secret } from '../../core/secret.ts';
import type { Grant } from '../grant.ts';

/** One GitLab project, read. Every call may throw a `Failure`; lists are complete. */
export interface GitLab {
  /** The server with scheme, port and sub-path, without a trailing slash: `https://gitlab.com`. */
  readonly server: string;
  /** As configured: `tinyland/ai/huskycat`. */
  readonly projectPath: string;
  version(signal?: AbortSignal): Promise<{ readonly version: string; readonly enterprise?: boolean }>;
  token(signal?: AbortSignal): Promise<TokenInfo>;
  project(signal?: AbortSignal): Promise<Project>;
  /** Of the project and of all its ancestor groups. An owner that may not be read is listed, not thrown. */
  variables(signal?: AbortSignal): Promise<VariableListing>;
  /** The value of a variable, of the project or else of the nearest group; undefined where none can be read. Asked for only when the user chose it. */
  variableValue(key: string, signal?: AbortSignal): Promise<Secret | undefined>;
  protections(signal?: AbortSignal): Promise<Protections>;
  runners(signal?: AbortSignal): Promise<RunnerListing>;
  /** Newest first; with `updatedBefore`, ISO 8601, those that nothing happened to from then on. */
  pipelines(
    query: {
      readonly ref?: string;
      readonly limit: number;
      readonly status?: string;
      readonly updatedBefore?: string;
    },
    signal?: AbortSignal,
  ): Promise<readonly PipelineSummary[]>;
  pipeline(id: number, signal?: AbortSignal): Promise<Pipeline>;
  /** Jobs and bridges, in the order of their ids; without those that were retried. */
  jobs(pipeline: number, signal?: AbortSignal): Promise<readonly PipelineJob[]>;
  job(id: number, signal?: AbortSignal): Promise<PipelineJob>;
  /** Immutable for a pipeline: ask once. Falls back from GraphQL to lint to stage order and says which. */
  edges(
    pipeline: Pick<PipelineSummary, 'id' | 'iid' | 'sha'>,
    jobs: readonly PipelineJob[],
    signal?: AbortSignal,
  ): Promise<PipelineEdges>;
  /** What started a pipeline: undefined unless a bridge did. Immutable. */
  upstream(pipeline: Pick<PipelineSummary, 'iid'>, signal?: AbortSignal): Promise<Upstream | undefined>;
  /** The log from byte `from` on, as it arrives. GitLab sends it whole each time; the known part is dropped on the way. */
  trace(job: number, from: number, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  lint(
    /** `as`: the branch or tag that a dry run is for, where it is not `ref`, whose files are read. */
    query: { readonly ref?: string; readonly dryRun?: boolean; readonly as?: string },
    signal?: AbortSignal,
  ): Promise<LintResult>;
  file(
    path: string,
    ref: string,
    signal?: AbortSignal,
  ): Promise<{ readonly text: string; readonly lastCommit: string }>;
  /** Undefined when there is no such branch. */
  branch(name: string, signal?: AbortSignal): Promise<Branch | undefined>;
  /** In every state, newest first; the newest hundred. */
  mergeRequests(
    query: { readonly source: string; readonly target: string },
    signal?: AbortSignal,
  ): Promise<readonly MergeRequest[]>;
  /** What `to` has that the newest common ancestor with `from` has not, or `from` itself when `straight`. Undefined when one of them is not there any more. */
  compare(
    query: { readonly from: string; readonly to: string; readonly straight?: boolean },
    signal?: AbortSignal,
  ): Promise<Comparison | undefined>;
  /** The commit that the changes of a merge request are counted from; undefined when nobody knows it any more. */
  mergeRequestBase(iid: number, signal?: AbortSignal): Promise<string | undefined>;
  /** The newest commit that two have in common; undefined where there is none, or one of them is not there. */
  mergeBase(refs: readonly [string, string], signal?: AbortSignal): Promise<string | undefined>;
  /**
   * Checks a configuration that is not in the repository. What it includes is read from the default branch, or from the branch or
   * tag `as`, where it is to be a dry run for one.
   */
  lintContent(
    query: { readonly content: string; readonly as?: string },
    signal?: AbortSignal,
  ): Promise<LintResult>;
  registry(signal?: AbortSignal): Promise<readonly RegistryRepository[]>;
  /** Bytes of all images of a repository, each layer counted once; undefined where the server does not count them. */
  registrySize(repository: number, signal?: AbortSignal): Promise<number | undefined>;
  registryTags(repository: number, signal?: AbortSignal): Promise<readonly string[]>;
  /** From the last answer that told. */
  rateLimit(): RateLimit | undefined;
  /** Milliseconds that the server's clock is ahead of this machine's, by the `Date` of the last answer. */
  clockOffset(): number;
  retryJob(grant: Grant, job: number, signal?: AbortSignal): Promise<PipelineJob>;
  playJob(
    grant: Grant,
    job: number,
    variables: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<PipelineJob>;
  cancelJob(grant: Grant, job: number, signal?: AbortSignal): Promise<PipelineJob>;
  retryPipeline(grant: Grant, pipeline: number, signal?: AbortSignal): Promise<Pipeline>;
  cancelPipeline(grant: Grant, pipeline: number, signal?: AbortSignal): Promise<Pipeline>;
  /** Starts a pipeline of a branch, as by hand. Throws when its configuration gives it no job. */
  createPipeline(grant: Grant, ref: string, signal?: AbortSignal): Promise<Pipeline>;
  /** Makes a branch with one commit on it, whole or not at all. */
  createCommit(
    grant: Grant,
    commit: NewCommit,
    signal?: AbortSignal,
  ): Promise<{ readonly sha: string; readonly webUrl?: string }>;
  deleteBranch(grant: Grant, name: string, signal?: AbortSignal): Promise<void>;
  openMergeRequest(grant: Grant, request: NewMergeRequest, signal?: AbortSignal): Promise<MergeRequest>;
  closeMergeRequest(grant: Grant, iid: number, signal?: AbortSignal): Promise<MergeRequest>;
}
