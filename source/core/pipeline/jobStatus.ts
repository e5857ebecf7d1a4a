import type { PipelineJob, PipelineStatus } from '../gitlab/model.ts';
import { compositeStatus, type JobStatus } from './status.ts';

const simple: Partial<Record<PipelineStatus, JobStatus>> = {
  waiting_for_resource: 'pending',
  preparing: 'pending',
  waiting_for_callback: 'running',
  canceling: 'running',
  unknown: 'created',
};

/** A status of GitLab's API as the state machine knows it. */
function machineStatus(status: PipelineStatus): JobStatus {
  return simple[status] ?? (status as JobStatus);
}

/** One status for several jobs, as GitLab counts a stage. */
export function statusOf(jobs: Iterable<Pick<PipelineJob, 'status' | 'allowFailure'>>): JobStatus {
  const counted: { status: JobStatus; allowFailure: boolean }[] = [];
  for (const { status, allowFailure } of jobs) counted.push({ status: machineStatus(status), allowFailure });
  return compositeStatus(counted);
}
