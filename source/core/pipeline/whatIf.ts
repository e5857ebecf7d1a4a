import type { Summary } from '../statistics.ts';
import { gainBetween, type Plan, type WhatIf } from './gain.ts';
import type { RunnerSpec } from './runners.ts';
import type { TimedJob } from './simulate.ts';

/** A change to a pipeline that is only thought of. */
export type Change =
  | { readonly kind: 'stage'; readonly job: string; readonly stage: string }
  | { readonly kind: 'needs'; readonly job: string; readonly needs: readonly string[] | null }
  | { readonly kind: 'tags'; readonly job: string; readonly tags: readonly string[] }
  | { readonly kind: 'duration'; readonly job: string /** Seconds. */; readonly seconds: number }
  | { readonly kind: 'remove'; readonly job: string }
  | { readonly kind: 'runner'; readonly runner: RunnerSpec };

/** Applies changes in their order. A job or stage that is not there leaves the plan as it is. */
export function applyChanges(plan: Plan, changes: readonly Change[]): Plan {
  return changes.reduce(applyChange, plan);
}

function applyChange(plan: Plan, change: Change): Plan {
  if (change.kind === 'runner')
    return { ...plan, runners: plan.runners ? [...plan.runners, change.runner] : [change.runner] };
  const { job: name } = change;
  if (change.kind === 'remove') {
    const jobs = plan.jobs
      .filter((job) => job.name !== name)
      .map((job) => ({ ...job, needs: job.needs?.filter((need) => need !== name) ?? null }));
    return { ...plan, jobs };
  }
  if (change.kind === 'stage' && !plan.stages.includes(change.stage)) return plan;
  return { ...plan, jobs: plan.jobs.map((job) => (job.name === name ? changed(job, change) : job)) };
}

function changed(job: TimedJob, change: Exclude<Change, { kind: 'runner' | 'remove' }>): TimedJob {
  switch (change.kind) {
    case 'stage':
      return { ...job, stage: change.stage };
    case 'needs':
      return { ...job, needs: change.needs };
    case 'tags':
      return { ...job, tags: change.tags };
    case 'duration':
      return { ...job, duration: change.seconds };
  }
}

/** Simulates a plan before and after changes. `spreads` give each job's usual duration, for the uncertainty of the gain. */
export function whatIf(
  plan: Plan,
  changes: readonly Change[],
  spreads?: (job: string) => Summary | undefined,
): WhatIf {
  const fixed = changes.flatMap((change) => (change.kind === 'duration' ? [change.job] : []));
  return gainBetween(plan, applyChanges(plan, changes), { fixed: new Set(fixed), spreads });
}
