import * as z from 'zod';
import { pageInfo } from '../graphql.ts';
import { text } from './values.ts';

const names = z.object({ nodes: z.array(z.object({ name: text }).nullable()) }).nullish();

const job = z.object({
  id: z.string(),
  name: text,
  /** `dag` for a job with `needs`, also an empty one; not asked of servers that do not know it. */
  schedulingType: z.string().nullish(),
  needs: names,
});

export type EdgeNode = z.output<typeof job>;

/** A page of the jobs of a pipeline, with what they need. */
export const edgesPage = z.object({
  project: z
    .object({
      pipeline: z
        .object({
          usesNeeds: z.boolean().nullish(),
          stages: z.object({ nodes: z.array(z.object({ name: text }).nullable()) }).nullish(),
          jobs: z.object({ pageInfo, nodes: z.array(job.nullable()) }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});
