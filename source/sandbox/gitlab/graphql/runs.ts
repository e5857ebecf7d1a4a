import { isCompleted } from '../../../core/pipeline/status.ts';
import { isBridge, isChild } from '../model/bridges.ts';
import { project } from '../model/places.ts';
import type { JobRun, PipelineRun } from '../model/runs.ts';
import { time } from '../rest/show.ts';
import {
  artifactsOf,
  beforeOf,
  detailedStatus,
  expiry,
  jobDuration,
  pipelineDuration,
  queuedDuration,
} from '../rest/showRuns.ts';
import { connection, type Paging } from './connection.ts';
import type { GraphContext } from './context.ts';
import { runnerNode } from './runners.ts';
import { userNode } from './users.ts';

interface JobFilter extends Paging {
  readonly retried?: boolean | null;
  readonly jobKind?: 'BUILD' | 'BRIDGE' | null;
  readonly statuses?: readonly string[] | null;
  readonly whenExecuted?: readonly string[] | null;
}

const latestOf = ({ runs }: PipelineRun): JobRun[] => runs.filter(({ retried }) => !retried);

function statusNode(status: string, kind: string, id: number) {
  return { id: `${status}-${id}`, ...detailed(status, `/${project.path}/-/${kind}/${id}`) };
}

function detailed(status: string, path: string) {
  const { has_details, details_path, ...rest } = detailedStatus(status, path);
  return { ...rest, hasDetails: has_details, detailsPath: details_path };
}

export function pipelineNode(pipeline: PipelineRun, context: GraphContext): Record<string, unknown> {
  const { id, iid, sha, ref, source, status, runs, set, upstream } = pipeline;
  const jobs = (): JobRun[] => latestOf(pipeline);
  const isOver = isCompleted(status);
  const isMember = context.token.access >= 30;
  return {
    id: `gid://gitlab/Ci::Pipeline/${id}`,
    iid: String(iid),
    name: null,
    path: `/${project.path}/-/pipelines/${id}`,
    sha: ({ format }: { format?: string }) => (format === 'SHORT' ? sha.slice(0, 8) : sha),
    beforeSha: beforeOf(pipeline, context.world.repository.commits.get(sha)) ?? null,
    ref,
    source,
    status: status.toUpperCase(),
    active: !isOver && status !== 'manual',
    complete: isOver,
    cancelable: !isOver,
    retryable: () => jobs().some((run) => run.status === 'failed' || run.status === 'canceled'),
    child: isChild(pipeline),
    latest: () =>
      context.world.engine.pipelines.findLast((one) => one.ref === ref && !isChild(one)) === pipeline,
    stuck: false,
    yamlErrors: false,
    yamlErrorMessages: null,
    usesNeeds: set.jobs.some(({ needs }) => needs !== null),
    totalJobs: () => jobs().length,
    failedJobsCount: () => jobs().filter((run) => run.status === 'failed').length,
    hasManualActions: () => jobs().some((run) => run.status === 'manual'),
    coverage: null,
    duration: pipelineDuration(pipeline),
    queuedDuration:
      pipeline.startedAt === undefined ? null : (pipeline.startedAt - pipeline.createdAt) / 1000,
    createdAt: time(pipeline.createdAt),
    updatedAt: time(pipeline.updatedAt),
    startedAt: time(pipeline.startedAt),
    finishedAt: time(pipeline.finishedAt),
    user: () => userNode(pipeline.user, context),
    project: context.projectNode,
    detailedStatus: () => statusNode(status, 'pipelines', id),
    userPermissions: {
      adminPipeline: isMember,
      cancelPipeline: isMember,
      destroyPipeline: context.token.access >= 50,
      updatePipeline: isMember,
    },
    stages: (paging: Paging) =>
      connection(set.stages, paging, (stage) => stageNode(stage, pipeline, context)),
    jobs: (filter: JobFilter) => {
      const all =
        filter.retried === true
          ? runs.filter(({ retried }) => retried)
          : filter.retried === false
            ? jobs()
            : runs;
      const kept = all.filter(
        (run) =>
          (!filter.jobKind || filter.jobKind === kindOf(run)) &&
          (!filter.statuses || filter.statuses.includes(run.status.toUpperCase())) &&
          (!filter.whenExecuted || filter.whenExecuted.includes(run.job.when)),
      );
      return connection(kept.toReversed(), filter, (run) => jobNode(run, context));
    },
    job: ({ id: wanted, name }: { id?: string | null; name?: string | null }) => {
      const found = wanted
        ? runs.find((run) => jobId(run) === wanted)
        : jobs().find(({ job }) => job.name === name);
      return found ? jobNode(found, context) : null;
    },
    downstream: (paging: Paging) => {
      const started = jobs().flatMap(({ downstream }) => downstream ?? []);
      return connection(started, paging, (one) => pipelineNode(one, context));
    },
    upstream: () => (upstream ? pipelineNode(upstream.pipeline, context) : null),
    sourceJob: () => (upstream ? jobNode(upstream, context) : null),
  };
}

function kindOf(run: JobRun): 'BUILD' | 'BRIDGE' {
  return isBridge(run) ? 'BRIDGE' : 'BUILD';
}

function jobId(run: JobRun): string {
  return `gid://gitlab/Ci::${isBridge(run) ? 'Bridge' : 'Build'}/${run.id}`;
}

function stageNode(name: string, pipeline: PipelineRun, context: GraphContext) {
  const jobs = latestOf(pipeline).filter(({ job }) => job.stage === name);
  const status = pipeline.machine.stageStatus(name);
  const index = pipeline.set.stages.indexOf(name);
  return {
    id: `gid://gitlab/Ci::Stage/${pipeline.id * 16 + index}`,
    name,
    status,
    detailedStatus: () => statusNode(status, 'pipelines', pipeline.id),
    jobs: (paging: Paging) => connection(jobs, paging, (run) => jobNode(run, context)),
    groups: (paging: Paging) =>
      connection([...groupsOf(jobs)], paging, ([group, members]) => ({
        id: `gid://gitlab/Ci::Group/${pipeline.id * 16 + index}-${group}`,
        name: group,
        size: members.length,
        detailedStatus: () => statusNode(members[0]?.status ?? 'created', 'jobs', members[0]?.id ?? 0),
        jobs: (inner: Paging) => connection(members, inner, (run) => jobNode(run, context)),
      })),
  };
}

/** Jobs by name without `1/3` or `: [matrix]`. */
function groupsOf(runs: readonly JobRun[]): Map<string, JobRun[]> {
  return Map.groupBy(runs, ({ job }) => job.name.replace(/(?:\s+\d+\/\d+|:\s*\[.*\])\s*$/, ''));
}

export function jobNode(run: JobRun, context: GraphContext): Record<string, unknown> {
  const { job, pipeline, status, retried } = run;
  const isOver = isCompleted(status);
  const canPlay = !retried && (status === 'manual' || status === 'scheduled');
  const previous = (): JobRun[] => {
    const stage = pipeline.set.stages[pipeline.set.stages.indexOf(job.stage) - 1];
    return latestOf(pipeline).filter((one) => one.job.stage === stage);
  };
  const needNode = ({ job: name }: { readonly job: string }) => ({
    __typename: 'CiBuildNeed',
    id: `gid://gitlab/Ci::BuildNeed/${run.id * 64 + (job.needs ?? []).findIndex((need) => need.job === name)}`,
    name,
  });
  return {
    __typename: 'CiJob',
    id: jobId(run),
    name: job.name,
    kind: kindOf(run),
    status: status.toUpperCase(),
    stage: () => stageNode(job.stage, pipeline, context),
    schedulingType: job.needs === null ? 'stage' : 'dag',
    active: status === 'pending' || status === 'running',
    allowFailure: job.allowFailure,
    canPlayJob: canPlay && context.token.access >= 30,
    playable: canPlay,
    cancelable: !isOver && status !== 'manual',
    retryable: !retried && ['success', 'failed', 'canceled'].includes(status),
    retried,
    manualJob: job.when === 'manual',
    scheduled: status === 'scheduled',
    stuck: false,
    triggered: pipeline.upstream !== undefined,
    createdByTag: pipeline.isTag,
    refName: pipeline.branch,
    shortSha: pipeline.sha.slice(0, 8),
    webPath: `/${project.path}/-/jobs/${run.id}`,
    tags: job.tags,
    coverage: null,
    exitCode: status === 'failed' && !isBridge(run) ? 1 : null,
    failureMessage: failureMessage(run),
    createdAt: time(run.createdAt),
    queuedAt: time(run.queuedAt),
    startedAt: time(run.startedAt),
    finishedAt: time(run.finishedAt),
    erasedAt: time(run.erasedAt),
    scheduledAt: null,
    duration: rounded(jobDuration(run, context.now)),
    queuedDuration: queuedDuration(run, context.now),
    detailedStatus: () => statusNode(status, 'jobs', run.id),
    runner: () => (run.runner ? runnerNode(run.runner, context) : null),
    pipeline: () => pipelineNode(pipeline, context),
    project: context.projectNode,
    downstreamPipeline: () => (run.downstream ? pipelineNode(run.downstream, context) : null),
    needs: (paging: Paging) => connection(job.needs ?? [], paging, needNode),
    previousStageJobs: (paging: Paging) => connection(previous(), paging, (one) => jobNode(one, context)),
    previousStageJobsOrNeeds: (paging: Paging) =>
      job.needs === null
        ? connection(previous(), paging, (one) => jobNode(one, context))
        : connection(job.needs, paging, needNode),
    userPermissions: { cancelBuild: true, readBuild: true, readJobArtifacts: true, updateBuild: true },
    artifacts: (paging: Paging) =>
      connection(artifactsOf(run), paging, ({ filename, file_type, size }) => ({
        id: `gid://gitlab/Ci::JobArtifact/${run.id * 8 + (file_type === 'trace' ? 3 : 1)}`,
        name: filename,
        fileType: file_type.toUpperCase(),
        size: String(size),
        expireAt: file_type === 'trace' ? null : time(expiry(run)),
      })),
  };
}

/** Why it failed, in a sentence. */
function failureMessage({ failureReason }: JobRun): string | null {
  if (failureReason === undefined) return null;
  if (failureReason === 'script_failure')
    return 'There has been a script failure. Check the job log for more information';
  return failureReason.replaceAll('_', ' ');
}

function rounded(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds);
}
