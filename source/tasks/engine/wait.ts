import { setTimeout as delay } from 'node:timers/promises';
import { type Failure, Unavailable } from '../../core/failure.ts';
import type { WaitFor } from '../../core/plan/action.ts';
import type { TrialFigures } from '../../core/plan/trialRun.ts';
import type { Workspace } from '../../services/workspace.ts';
import type { StepDone } from './step.ts';

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

export interface WaitOptions {
  readonly workspace: Workspace;
  readonly probes?: Probes;
  /** Told what a look shows, when it is another than the one before. */
  readonly onLook?: (saw: string) => void;
  /** Keeps the figures of a pipeline that ended. */
  readonly onFigures?: (figures: TrialFigures) => Promise<void>;
}

/** Looks until the probe says that it is ready. Throws `Unavailable` with the last look when the time is over. */
export async function waitUntilReady(
  { probe, settings, timeout, every = 1 }: WaitFor,
  { workspace, probes = {}, onLook, onFigures }: WaitOptions,
  signal?: AbortSignal,
): Promise<StepDone> {
  const look = Object.hasOwn(probes, probe) ? probes[probe] : undefined;
  const failed = (saw: string): Unavailable =>
    new Unavailable({
      tried: `wait until ${probe} is ready`,
      saw,
      next: ['Look at why it is not, then resume; or undo.'],
      code: 'not-ready',
    });
  if (!look) throw failed('this version of the program does not know how to look at it');
  const until = workspace.now() + timeout * 1000;
  let last: string | undefined;
  for (;;) {
    const { isReady, saw, figures, stop } = await look(workspace, settings, signal);
    if (figures) await onFigures?.(figures);
    if (stop) throw stop;
    if (isReady) return { state: 'done', saw };
    if (saw !== last) onLook?.(saw);
    last = saw;
    if (workspace.now() >= until) throw failed(`not within ${timeout} s; the last look: ${saw}`);
    await delay(every * 1000, undefined, signal ? { signal } : {});
  }
}
