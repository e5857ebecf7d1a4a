import * as z from 'zod';
import type { Runner } from '../../../core/gitlab/model.ts';
import { known } from '../../../core/known.ts';
import { numberOf, pageInfo } from '../graphql.ts';
import { text, time, whole } from './values.ts';

const kinds = { instance_type: 'instance', group_type: 'group', project_type: 'project' } as const;
const kind = z
  .string()
  .transform((value): Runner['kind'] => kinds[value.toLowerCase() as keyof typeof kinds] ?? 'project');

const status = z
  .string()
  .transform((value) => value.toLowerCase())
  .pipe(z.enum(['online', 'offline', 'stale', 'never_contacted']).or(z.literal('unknown')))
  .catch('unknown');

/** A row of `GET …/runners`, and `GET /runners/:id`, which alone has the tags. */
export const runnerSchema = z
  .object({
    id: whole,
    description: text.nullish(),
    runner_type: kind.nullish(),
    is_shared: z.boolean().nullish(),
    status: status,
    paused: z.boolean().nullish(),
    active: z.boolean().nullish(),
    tag_list: z.array(text).nullish(),
    run_untagged: z.boolean().nullish(),
    access_level: z.string().nullish(),
    locked: z.boolean().nullish(),
    job_execution_status: z.string().nullish(),
    contacted_at: time,
    version: text.nullish(),
  })
  .transform(
    (row): Runner =>
      known({
        id: row.id,
        description: row.description ?? '',
        kind: row.runner_type ?? (row.is_shared ? 'instance' : 'project'),
        status: row.status,
        paused: row.paused ?? row.active === false,
        tags: row.tag_list,
        runUntagged: row.run_untagged,
        protectedOnly: row.access_level ? row.access_level === 'ref_protected' : undefined,
        locked: row.locked,
        active: row.active,
        busy: row.job_execution_status ? row.job_execution_status === 'active' : undefined,
        contactedAt: row.contacted_at,
        version: row.version || undefined,
      }),
  );

export const runnersSchema = z.array(runnerSchema);

const node = z
  .object({
    id: z.string(),
    description: text.nullish(),
    runnerType: kind,
    status: status,
    paused: z.boolean().nullish(),
    tagList: z.array(text).nullish(),
    runUntagged: z.boolean().nullish(),
    accessLevel: z.string().nullish(),
    locked: z.boolean().nullish(),
    contactedAt: time,
    jobExecutionStatus: z.string().nullish(),
  })
  .transform(
    (row): Runner =>
      known({
        id: numberOf(row.id) ?? 0,
        description: row.description ?? '',
        kind: row.runnerType,
        status: row.status,
        paused: row.paused ?? false,
        tags: row.tagList,
        runUntagged: row.runUntagged,
        protectedOnly: row.accessLevel ? row.accessLevel === 'REF_PROTECTED' : undefined,
        locked: row.locked,
        busy: row.jobExecutionStatus ? row.jobExecutionStatus === 'ACTIVE' : undefined,
        contactedAt: row.contactedAt,
      }),
  );

/** `project.runners` of GraphQL; null where the token may not see it. */
export const runnersPage = z.object({
  project: z.object({ runners: z.object({ pageInfo, nodes: z.array(node.nullable()) }).nullish() }).nullish(),
});
