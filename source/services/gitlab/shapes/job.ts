import * as z from 'zod';
import type { PipelineJob } from '../../../core/gitlab/model.ts';
import { known } from '../../../core/known.ts';
import { pipelineStatus, pipelineSummary } from './pipeline.ts';
import { knownTime, text, time, webAddress, whole } from './values.ts';

const row = z.object({
  id: whole,
  name: text,
  stage: text,
  status: pipelineStatus,
  allow_failure: z.boolean().nullish(),
  created_at: knownTime,
  started_at: time,
  finished_at: time,
  duration: z.number().nullish(),
  queued_duration: z.number().nullish(),
  failure_reason: text.nullish(),
  web_url: webAddress.nullish(),
  tag_list: z.array(text).nullish(),
  runner: z.object({ id: whole, description: text.nullish() }).nullish(),
  artifacts: z
    .array(z.object({ file_type: text.nullish(), filename: text.nullish(), size: z.number().nullish() }))
    .nullish(),
  artifacts_expire_at: time,
  downstream_pipeline: pipelineSummary.nullish(),
});

/** `GET …/jobs/:id`. */
export const jobSchema = row.transform((one) => jobOf(one, 'build'));

/** `GET …/pipelines/:id/jobs`. */
export const jobsSchema = z.array(jobSchema);

/** `GET …/pipelines/:id/bridges`. */
export const bridgesSchema = z.array(row.transform((one) => jobOf(one, 'bridge')));

function jobOf(one: z.output<typeof row>, kind: PipelineJob['kind']): PipelineJob {
  return known({
    id: one.id,
    name: one.name,
    stage: one.stage,
    kind,
    status: one.status,
    allowFailure: one.allow_failure ?? false,
    createdAt: one.created_at,
    startedAt: one.started_at,
    finishedAt: one.finished_at,
    duration: one.duration,
    queuedDuration: one.queued_duration,
    failureReason: one.failure_reason || undefined,
    webUrl: one.web_url ?? '',
    tags: one.tag_list ?? [],
    runner: one.runner ? { id: one.runner.id, description: one.runner.description ?? '' } : undefined,
    artifacts: (one.artifacts ?? []).map(({ file_type, filename, size }) => ({
      type: file_type ?? 'unknown',
      file: filename ?? '',
      size: size ?? 0,
    })),
    artifactsExpireAt: one.artifacts_expire_at,
    downstream: one.downstream_pipeline,
  });
}
