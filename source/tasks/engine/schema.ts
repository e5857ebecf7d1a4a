import * as z from 'zod';
import { NeedsUser, Refused } from '../../core/failure.ts';
import { planFingerprint } from '../../core/plan/fingerprint.ts';
import { type Plan, planTargets } from '../../core/plan/plan.ts';
import { keptName, keptPath } from '../../core/plan/predicted.ts';
import { plain } from '../../core/text/safe.ts';

const argv = z.tuple([z.string().min(1)], z.string());
const given = z.union([z.strictObject({ text: z.string() }), z.strictObject({ secret: z.string() })]);
const command = z.strictObject({ argv, input: given.optional() });
/** Text that does not keep GitLab from making a pipeline. */
const unskipped = z
  .string()
  .min(1)
  .refine((text) => !/\[(?:skip ci|ci skip)\]/i.test(text), { message: 'it holds [skip ci]' });

const sha = z.string().regex(/^[0-9a-f]{40,64}$/);
const commitFiles = z
  .array(z.strictObject({ path: z.string().min(1), lastCommit: z.string().optional(), text: z.string() }))
  .min(1);

const gitlab = {
  server: z.url(),
  project: z.string().min(1),
  branch: z.string().min(1),
  onto: z.string().min(1),
};

const action = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('edit-file'),
    root: z.string().startsWith('/'),
    path: z.string().min(1),
    before: z.string(),
    text: z.string(),
  }),
  z
    .strictObject({
      kind: z.literal('command'),
      argv,
      input: given.optional(),
      where: z.enum(['here', 'honey']),
      address: z.string().optional(),
      cwd: z.string().optional(),
      environment: z.record(z.string(), given).optional(),
      unless: argv.optional(),
      state: argv.optional(),
      cleanup: z.array(command).optional(),
      undo: z.array(command).optional(),
      timeout: z.number().positive().optional(),
    })
    .refine(({ where, environment, cwd }) => where === 'here' || (environment ?? cwd) === undefined, {
      message: 'a folder and an environment can be given on this machine only',
    }),
  z.strictObject({
    kind: z.literal('wait'),
    probe: z.string(),
    settings: z.record(z.string(), z.string()),
    timeout: z.number().positive(),
    every: z.number().positive().optional(),
  }),
  z.strictObject({
    kind: z.literal('commit'),
    ...gitlab,
    base: sha,
    message: unskipped,
    files: commitFiles,
  }),
  z.strictObject({
    kind: z.literal('close-trial'),
    ...gitlab,
    base: sha,
    message: z.string(),
    files: commitFiles,
    run: z.string().min(1),
    isEnded: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('open-merge-request'),
    ...gitlab,
    title: unskipped,
    description: z.string(),
  }),
  z.strictObject({
    kind: z.literal('run-pipeline'),
    server: z.url(),
    project: z.string().min(1),
    branch: z.string().min(1),
    count: z.int().positive(),
  }),
]);

const step = z.strictObject({
  id: z.string().min(1),
  title: z.string(),
  effect: z.enum(['none', 'local', 'remote', 'destructive']),
  target: z.string(),
  preview: z.union([
    z.strictObject({ diff: z.string() }),
    z.strictObject({
      command: z.array(z.string()),
      host: z.string(),
      input: z.string().optional(),
      notes: z.array(z.string()).optional(),
    }),
    z.strictObject({ request: z.string(), body: z.string().optional() }),
    z.strictObject({ text: z.string() }),
  ]),
  before: z.string().optional(),
  after: z.string().optional(),
  undo: z.union([
    z.literal('irreversible'),
    z.strictObject({ text: z.string(), command: z.string().optional() }),
  ]),
  action,
});

const path = z.array(z.string().max(keptName)).max(keptPath);

/** What was expected of a plan. */
export const predictedSchema = z
  .array(
    z.object({
      event: z.enum(['push', 'merge_request', 'tag']),
      before: z.number(),
      after: z.number(),
      cold: z.number().optional(),
      low: z.number().optional(),
      high: z.number().optional(),
      error: z.number().optional(),
      pipelines: z.number(),
      pathBefore: path,
      pathAfter: path,
    }),
  )
  .max(3);

/** The shape of a plan as JSON. */
export const planSchema = z
  .strictObject({
    schema: z.literal('huskycat-tui/task-plan@1'),
    at: z.string(),
    task: z.string(),
    option: z.string().optional(),
    target: z.enum(planTargets),
    settings: z.record(z.string(), z.string()),
    secrets: z.array(z.strictObject({ name: z.string(), title: z.string() })),
    steps: z.array(step).refine((steps) => new Set(steps.map(({ id }) => id)).size === steps.length, {
      message: 'two steps have the same id',
    }),
    predicted: predictedSchema.optional(),
    fingerprint: z.string(),
  })
  .transform((plan) => plan as Plan);

/** A plan from text, as `--plan` is given it. Throws what is wrong with it; a plan that was changed by hand is refused. */
export function parsePlan(text: string, from: string): Plan {
  const tried = `read the plan ${plain(from)}`;
  const unreadable = (saw: string): NeedsUser =>
    new NeedsUser({
      tried,
      saw: plain(saw),
      next: ['Give a file that `task NAME plan --out FILE` wrote.'],
      code: 'bad-plan',
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : String(error));
  }
  const { data, error } = planSchema.safeParse(json);
  if (!data) throw unreadable(z.prettifyError(error));
  if (planFingerprint(data) === data.fingerprint) return data;
  throw new Refused({
    tried,
    saw: 'its fingerprint does not match: it was changed after it was made',
    next: ['Plan again: task NAME plan --out FILE'],
    code: 'plan-changed',
  });
}
