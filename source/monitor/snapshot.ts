import type { CacheRow } from '../core/caches/row.ts';
import type { Finding, Subject } from '../core/evidence.ts';
import type { RateLimit } from '../core/gitlab/model.ts';
import type { Observations } from '../core/observations.ts';
import type { TaskRow } from '../core/plan/row.ts';
import type { SigningRow } from '../core/signing/row.ts';
import type { VariableRow } from '../core/variables/row.ts';

export type { PipelineView } from '../core/observations.ts';

/** Everything that the screen and the headless commands show, at one moment. Parts that did not change keep their identity. */
export interface Snapshot extends Observations {
  readonly rateLimit?: RateLimit;
  /** Milliseconds that GitLab's clock is ahead of ours: ages of GitLab's times are counted with it. */
  readonly clockOffset: number;
  /** Derived from the observations. */
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
