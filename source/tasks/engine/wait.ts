import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from '../../core/failure.ts';
import type { WaitFor } from '../../core/plan/action.ts';
import type { TrialFigures } from '../../core/plan/trialRun.ts';
import type { Workspace } from '../../services/workspace.ts';
import type { Probes } from '../readiness.ts';
import type { StepDone } from './step.ts';

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
