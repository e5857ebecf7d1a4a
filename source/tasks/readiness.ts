import type { Failure } from '../core/failure.ts';
import type { TrialFigures } from '../core/plan/trialRun.ts';
import type { Workspace } from '../services/workspace.ts';

/** What a look for readiness shows, in one line. */
export interface Readiness {
  readonly isReady: boolean;
  readonly saw: string;
  /** What a pipeline of a trial took, to be kept with the run. */
  readonly figures?: TrialFigures;
  /** Waiting is over, and the run stops here. */
  readonly stop?: Failure;
}

/** Looks, changing nothing, whether something is ready. `settings` are the step's. */
export type ReadinessProbe = (
  workspace: Workspace,
  settings: Readonly<Record<string, string>>,
  signal?: AbortSignal,
) => Promise<Readiness>;

/** The probes that plans name, by name. */
export type Probes = Readonly<Record<string, ReadinessProbe>>;
