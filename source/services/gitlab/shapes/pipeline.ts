import * as z from 'zod';
import type { Pipeline, PipelineSummary } from '../../../core/gitlab/model.ts';
import { known } from '../../../core/known.ts';
import { knownTime, text, time, webAddress, whole } from './values.ts';

export const pipelineStatus = z
  .enum([
    'created',
    'waiting_for_resource',
    'preparing',
    'waiting_for_callback',
    'pending',
    'running',
    'canceling',
    'success',
    'failed',
    'canceled',
    'skipped',
    'manual',
    'scheduled',
  ])
  .or(z.literal('unknown'))
  .catch('unknown');

const fields = {
  id: whole,
  iid: whole.nullish(),
  project_id: whole.nullish(),
  status: pipelineStatus,
  ref: text.nullish(),
  sha: text,
  source: text.nullish(),
  name: text.nullish(),
  created_at: knownTime,
  updated_at: time,
  web_url: webAddress,
};

const row = z.object(fields);

/** A row of `GET …/pipelines`, and the downstream pipeline of a bridge. `iid` is 0 on servers older than it. */
export const pipelineSummary = row.transform(summaryOf);

export const pipelineSummaries = z.array(pipelineSummary);

/** `GET …/pipelines/:id`. */
export const pipelineSchema = z
  .object({
    ...fields,
    tag: z.boolean().nullish(),
    before_sha: text.nullish(),
    started_at: time,
    finished_at: time,
    duration: z.number().nullish(),
    queued_duration: z.number().nullish(),
    yaml_errors: text.nullish(),
    user: z.object({ username: text.nullish() }).nullish(),
  })
  .transform(
    (one): Pipeline =>
      known({
        ...summaryOf(one),
        tag: one.tag ?? false,
        beforeSha: pushedFrom(one.before_sha, one.sha),
        startedAt: one.started_at,
        finishedAt: one.finished_at,
        duration: one.duration,
        queuedDuration: one.queued_duration,
        yamlErrors: one.yaml_errors || undefined,
        user: one.user?.username,
      }),
  );

/** Zeros stand for no commit; without a push, GitLab gives zeros or the pipeline's own commit. */
function pushedFrom(before: string | null | undefined, sha: string): string | undefined {
  return !before || before === sha || /^0+$/.test(before) ? undefined : before;
}

function summaryOf(one: z.output<typeof row>): PipelineSummary {
  return known({
    id: one.id,
    iid: one.iid ?? 0,
    projectId: one.project_id ?? undefined,
    status: one.status,
    ref: one.ref ?? '',
    sha: one.sha,
    source: one.source ?? 'unknown',
    name: one.name || undefined,
    createdAt: one.created_at,
    updatedAt: one.updated_at,
    webUrl: one.web_url,
  });
}
