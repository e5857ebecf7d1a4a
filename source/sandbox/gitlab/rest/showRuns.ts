import { parseDuration } from '../../../core/ci/schema/duration.ts';
import { get, scalarText, textOf, textsOf } from '../../../core/ci/yaml/node.ts';
import { isCompleted } from '../../../core/pipeline/status.ts';
import type { Commit } from '../../checkout/objects.ts';
import { isBridge } from '../model/bridges.ts';
import { project } from '../model/places.ts';
import { between, seededRandom } from '../model/random.ts';
import type { JobRun, PipelineRun } from '../model/runs.ts';
import type { Context } from './context.ts';
import { projectUrl, showUser, time } from './show.ts';
import { showCommit } from './showCommits.ts';
import { showRunner } from './showRunners.ts';

/** `API_Entities_Ci_PipelineBasic`. */
export function showPipelineBasic(pipeline: PipelineRun, context: Pick<Context, 'server'>) {
  const { id, iid, sha, ref, status, source, createdAt, updatedAt } = pipeline;
  return {
    id,
    iid,
    project_id: project.id,
    sha,
    ref,
    status,
    source,
    created_at: time(createdAt),
    updated_at: time(updatedAt),
    web_url: `${projectUrl(context)}/-/pipelines/${id}`,
    name: null,
  };
}

/** `API_Entities_Ci_Pipeline`. */
export function showPipeline(pipeline: PipelineRun, context: Context) {
  const { status, isTag, user, startedAt, finishedAt, createdAt, sha, id } = pipeline;
  const commit = context.world.repository.commits.get(sha);
  return {
    ...showPipelineBasic(pipeline, context),
    before_sha: beforeOf(pipeline, commit) ?? '0'.repeat(40),
    tag: isTag,
    yaml_errors: null,
    user: showUser(user, context),
    started_at: time(startedAt),
    finished_at: time(finishedAt),
    committed_at: commit ? time(commit.at * 1000) : null,
    duration: pipelineDuration(pipeline),
    queued_duration: startedAt === undefined ? null : Math.round((startedAt - createdAt) / 1000),
    coverage: null,
    detailed_status: detailedStatus(status, `/${project.path}/-/pipelines/${id}`),
    archived: false,
  };
}

/** The commit that the push found; GitLab keeps none for merge requests, schedules and what is started by hand. */
export function beforeOf({ event, isTag }: PipelineRun, commit: Commit | undefined): string | undefined {
  return event === 'push' && !isTag ? commit?.parents[0] : undefined;
}

/** Seconds in which at least one job ran (GitLab's `Gitlab::Ci::Pipeline::Duration`); null until it is over. */
export function pipelineDuration({ status, runs }: PipelineRun): number | null {
  if (!isCompleted(status)) return null;
  const periods = runs
    .flatMap(({ startedAt, finishedAt }) =>
      startedAt === undefined || finishedAt === undefined ? [] : [{ startedAt, finishedAt }],
    )
    .sort((a, b) => a.startedAt - b.startedAt);
  let total = 0;
  let until = 0;
  for (const { startedAt, finishedAt } of periods) {
    total += Math.max(0, finishedAt - Math.max(startedAt, until));
    until = Math.max(until, finishedAt);
  }
  return periods.length === 0 ? null : Math.round(total / 1000);
}

/** `DetailedStatusEntity`. */
export function detailedStatus(status: string, path: string) {
  const text = status === 'success' ? 'Passed' : `${status[0]?.toUpperCase() ?? ''}${status.slice(1)}`;
  return {
    icon: `status_${status}`,
    text,
    label: text.toLowerCase(),
    group: status,
    tooltip: text.toLowerCase(),
    has_details: true,
    details_path: path,
    illustration: null,
    favicon: `/assets/ci_favicons/favicon_status_${status}.png`,
  };
}

/** Seconds that a job ran, until now if it still does. */
export function jobDuration({ startedAt, finishedAt }: JobRun, now: number): number | null {
  return startedAt === undefined ? null : ((finishedAt ?? now) - startedAt) / 1000;
}

export function queuedDuration({ queuedAt, startedAt }: JobRun, now: number): number | null {
  return queuedAt === undefined ? null : ((startedAt ?? now) - queuedAt) / 1000;
}

/** What jobs and bridges have in common (`Ci::JobBasic`). */
function showBasics(run: JobRun, context: Context) {
  const { job, pipeline, user } = run;
  const commit = context.world.repository.commits.get(pipeline.sha);
  return {
    id: run.id,
    status: run.status,
    stage: job.stage,
    name: job.name,
    ref: pipeline.ref,
    tag: pipeline.isTag,
    coverage: null,
    allow_failure: job.allowFailure,
    created_at: time(run.createdAt),
    started_at: time(run.startedAt),
    finished_at: time(run.finishedAt),
    erased_at: time(run.erasedAt),
    duration: jobDuration(run, context.now),
    queued_duration: queuedDuration(run, context.now),
    user: { ...showUser(user, context), created_at: '2024-05-02T08:00:00.000Z', bio: '', location: '' },
    commit: commit ? showCommit(commit, context) : null,
    pipeline: showPipelineBasic(pipeline, context),
    ...(run.failureReason ? { failure_reason: run.failureReason } : {}),
    web_url: `${projectUrl(context)}/-/jobs/${run.id}`,
    project: { ci_job_token_scope_enabled: false },
  };
}

/** `API_Entities_Ci_Bridge`. */
export function showBridge(run: JobRun, context: Context) {
  const { downstream } = run;
  return {
    ...showBasics(run, context),
    downstream_pipeline: downstream ? showPipelineBasic(downstream, context) : null,
  };
}

/** `API_Entities_Ci_Job`. */
export function showJob(run: JobRun, context: Context) {
  const { job, runner } = run;
  const artifacts = artifactsOf(run);
  const archive = artifacts.find(({ file_type }) => file_type === 'archive');
  return {
    ...showBasics(run, context),
    ...(archive ? { artifacts_file: { filename: archive.filename, size: archive.size } } : {}),
    artifacts,
    runner: runner ? showRunner(runner, context) : null,
    runner_manager: runner
      ? {
          id: runner.id + 7,
          system_id: runner.systemId,
          version: runner.version,
          revision: runner.revision,
          platform: runner.platform,
          architecture: runner.architecture,
          created_at: '2025-11-03T10:00:00.000Z',
          contacted_at: time(context.now),
          ip_address: '10.0.4.12',
          status: 'online',
          job_execution_status: 'idle',
        }
      : null,
    artifacts_expire_at: archive ? time(expiry(run)) : null,
    archived: false,
    tag_list: job.tags,
  };
}

/** Files of a job that ran: its log, and the archive when it has paths to keep. */
export function artifactsOf(run: JobRun) {
  if (
    isBridge(run) ||
    run.startedAt === undefined ||
    run.finishedAt === undefined ||
    run.erasedAt !== undefined
  )
    return [];
  const random = seededRandom(`artifacts ${run.id}`);
  const artifacts = get(run.job.definition.keywords, 'artifacts');
  const when = textOf(get(artifacts, 'when')) ?? 'on_success';
  const isKept =
    textsOf(get(artifacts, 'paths')).length > 0 &&
    run.status !== 'canceled' &&
    (when === 'always' || (run.status === 'failed') === (when === 'on_failure'));
  const archive = {
    file_type: 'archive',
    size: between(random, 40_000, 48_000_000),
    filename: 'artifacts.zip',
    file_format: 'zip',
  };
  const trace = {
    file_type: 'trace',
    size: between(random, 3_000, 30_000),
    filename: 'job.log',
    file_format: null,
  };
  return isKept ? [archive, trace] : [trace];
}

/** Milliseconds since the epoch; undefined when artifacts are kept. */
export function expiry({ job, finishedAt }: JobRun): number | undefined {
  const text = scalarText(get(get(job.definition.keywords, 'artifacts'), 'expire_in')) ?? '30 days';
  const seconds = text === 'never' ? undefined : parseDuration(text);
  return finishedAt === undefined || seconds === undefined ? undefined : finishedAt + seconds * 1000;
}
