import type { HitRate } from './bazel/metrics.ts';
import type { AtticState, BazelRemoteState } from './caches/model.ts';
import type { CheckoutFacts } from './checkout/facts.ts';
import type { Datum } from './datum.ts';
import type {
  Pipeline,
  PipelineEdges,
  PipelineJob,
  PipelineSummary,
  Project,
  Protections,
  RunnerListing,
  TokenInfo,
  Upstream,
  VariableListing,
} from './gitlab/model.ts';
import type { HostState, Tool } from './host/model.ts';
import type { SigningJob } from './signing/jobs.ts';

/** The checkout as far as the screen needs it. */
export interface CheckoutView {
  readonly root: string;
  readonly branch?: string;
  readonly commit?: string;
  readonly dirty?: boolean;
}

/** A pipeline with its jobs and what they wait for. */
export interface PipelineView {
  readonly pipeline: Pipeline;
  readonly jobs: readonly PipelineJob[];
  readonly edges?: PipelineEdges;
  /** What started it, where a bridge did. */
  readonly upstream?: Upstream;
}

/** Everything that was seen outside, at one moment: what all rungs and findings are derived from. */
export interface Observations {
  readonly checkout: Datum<CheckoutView>;
  /** What the checkout's files say; absent until they were read. */
  readonly facts?: CheckoutFacts;
  readonly project: Datum<Project>;
  readonly token: Datum<TokenInfo>;
  readonly variables: Datum<VariableListing>;
  readonly protections: Datum<Protections>;
  readonly runners: Datum<RunnerListing>;
  readonly pipelines: Datum<readonly PipelineSummary[]>;
  /** The pipeline that is looked at; the newest when none was chosen. */
  readonly pipeline: Datum<PipelineView>;
  /** The last runs of the jobs that sign and notarize. */
  readonly signingJobs: Datum<readonly SigningJob[]>;
  readonly attic: Datum<AtticState>;
  readonly bazelRemote: Datum<BazelRemoteState>;
  /** Of bazel-remote, between scrapes of this run; null without traffic, absent before a second scrape. */
  readonly hitRate?: HitRate | null;
  readonly honey: Datum<HostState>;
  readonly tools: Datum<readonly Tool[]>;
}
