import type { When } from '../ci/model.ts';

export type JobStatus =
  | 'created'
  | 'pending'
  | 'running'
  | 'success'
  | 'failed'
  | 'canceled'
  | 'skipped'
  | 'manual'
  | 'scheduled';

const completed: ReadonlySet<JobStatus> = new Set(['success', 'failed', 'canceled', 'skipped']);

export function isCompleted(status: JobStatus): boolean {
  return completed.has(status);
}

type Counted = JobStatus | 'ignored' | 'warning';

/** A failure that is allowed passes with a warning; a manual job that may be left out is ignored. */
function counted({ status, allowFailure }: { status: JobStatus; allowFailure: boolean }): Counted {
  if (!allowFailure) return status;
  if (status === 'manual') return 'ignored';
  return status === 'failed' || status === 'canceled' ? 'warning' : status;
}

/**
 * One status for many jobs, as GitLab's `Ci::Status::Composite` says. With `byNeeds` it is that of a job's needs: one that
 * did not run skips the job, one that is not finished keeps it waiting. No jobs at all count as success.
 */
export function compositeStatus(
  jobs: Iterable<{ readonly status: JobStatus; readonly allowFailure: boolean }>,
  byNeeds = false,
): JobStatus {
  const seen = new Set<Counted>();
  for (const job of jobs) seen.add(counted(job));
  const only = (...statuses: readonly Counted[]): boolean =>
    [...seen].every((status) => statuses.includes(status));
  const any = (...statuses: readonly Counted[]): boolean => statuses.some((status) => seen.has(status));
  if (seen.size === 0) return 'success';
  if (byNeeds && any('skipped', 'ignored')) return 'skipped';
  if (byNeeds && !only('success', 'failed', 'canceled', 'skipped', 'warning')) return 'pending';
  if (only('skipped', 'ignored')) return 'skipped';
  if (only('success', 'skipped', 'warning', 'ignored')) return 'success';
  if (only('created', 'warning', 'ignored')) return 'created';
  if (only('canceled', 'success', 'skipped', 'warning', 'ignored')) return 'canceled';
  if (only('pending', 'created', 'skipped', 'warning', 'ignored')) return 'pending';
  if (any('running', 'pending')) return 'running';
  if (any('manual')) return 'manual';
  if (any('scheduled')) return 'scheduled';
  return any('created') ? 'running' : 'failed';
}

/**
 * What becomes of a created job once those before it are complete (`Ci::ProcessBuildService`): it starts, waits for a
 * hand or a timer, or is skipped.
 */
export function startStatus(when: When, previous: JobStatus, byNeeds: boolean): JobStatus {
  if (!startsAfter(when, previous, byNeeds)) return 'skipped';
  if (when === 'manual') return 'manual';
  return when === 'delayed' ? 'scheduled' : 'pending';
}

function startsAfter(when: When, previous: JobStatus, byNeeds: boolean): boolean {
  if (when === 'on_failure') return previous === 'failed';
  if (when === 'always') return previous !== 'canceled' && isCompleted(previous);
  return previous === 'success' || (previous === 'skipped' && !byNeeds);
}
