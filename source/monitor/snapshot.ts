import type { AtticState, BazelRemoteState } from '../core/caches/model.ts';
import type { CacheRow } from '../core/caches/row.ts';
import type { Datum } from '../core/datum.ts';
import type { Finding, Subject } from '../core/evidence.ts';
import type {
  Pipeline,
  PipelineEdges,
  PipelineJob,
  PipelineSummary,
  Project,
  Protections,
  RateLimit,
  RunnerListing,
  TokenInfo,
  VariableListing,
} from '../core/gitlab/model.ts';
import type { HostState, Tool } from '../core/host/model.ts';
import type { TaskRow } from '../core/plan/row.ts';
import type { SigningJob } from '../core/signing/jobs.ts';
import type { SigningRow } from '../core/signing/row.ts';
import type { VariableRow } from '../core/variables/row.ts';

/** The checkout as far as the screen needs it. */
export interface CheckoutView {
  readonly root: string;
  readonly branch?: string;
  readonly commit?: string;
  readonly dirty?: boolean;
}

/** The pipeline that is looked at: its jobs and what they wait for. */
export interface PipelineView {
  readonly pipeline: Pipeline;
  readonly jobs: readonly PipelineJob[];
  readonly edges?: PipelineEdges;
}

/** Everything that the screen and the headless commands show, at one moment. Parts that did not change keep their identity. */
export interface Snapshot {
  readonly checkout: Datum<CheckoutView>;
  readonly project: Datum<Project>;
  readonly token: Datum<TokenInfo>;
  readonly variables: Datum<VariableListing>;
  readonly protections: Datum<Protections>;
  readonly runners: Datum<RunnerListing>;
  readonly pipelines: Datum<readonly PipelineSummary[]>;
  /** Of `Monitor.lookAt`; the newest pipeline when nothing was asked for. */
  readonly pipeline: Datum<PipelineView>;
  /** The last runs of the jobs that sign and notarize. */
  readonly signingJobs: Datum<readonly SigningJob[]>;
  readonly attic: Datum<AtticState>;
  readonly bazelRemote: Datum<BazelRemoteState>;
  readonly honey: Datum<HostState>;
  readonly tools: Datum<readonly Tool[]>;
  readonly rateLimit?: RateLimit;
  /** Milliseconds that GitLab's clock is ahead of ours: ages of GitLab's times are counted with it. */
  readonly clockOffset: number;
  /** Derived from all of the above. */
  readonly subjects: readonly Subject[];
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly caches: readonly CacheRow[];
  readonly variableRows: readonly VariableRow[];
  readonly signing: readonly SigningRow[];
  readonly tasks: readonly TaskRow[];
}

/** Names of the parts of a snapshot that are fetched. */
export type Source =
  | 'checkout'
  | 'project'
  | 'token'
  | 'variables'
  | 'protections'
  | 'runners'
  | 'pipelines'
  | 'pipeline'
  | 'signingJobs'
  | 'attic'
  | 'bazelRemote'
  | 'honey'
  | 'tools';

/** What is on the screen now: visible parts are asked often, hidden panes slowly, hidden screens not at all. */
export type Interest = ReadonlySet<Source>;

/** Live state, outside of React. */
export interface Monitor {
  snapshot(): Snapshot;
  /** Called after the snapshot changed, at most a few times a second. */
  subscribe(listener: () => void): () => void;
  /** Starts polling what is of interest; paints before the first reply. */
  start(interest: Interest): void;
  setInterest(interest: Interest): void;
  /** Asks now; all sources when none is named. Resolves when every answer or failure is there. */
  refresh(sources?: readonly Source[]): Promise<void>;
  /** Chooses the pipeline of `snapshot().pipeline`; undefined follows the newest. */
  lookAt(pipeline: number | undefined): void;
  stop(): void;
}
