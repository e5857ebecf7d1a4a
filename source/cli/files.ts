import * as z from 'zod';
import { NeedsUser } from '../core/failure.ts';
import type { RunnerSpec } from '../core/pipeline/runners.ts';
import { readTextFile } from '../services/files/read.ts';

const runnersShape = z.array(
  z.object({
    name: z.string(),
    tags: z.array(z.string()).default([]),
    runUntagged: z.boolean().default(true),
    concurrent: z.number().int().positive().default(1),
  }),
);

/** Runners of a file: `[{"name", "tags": [], "runUntagged": true, "concurrent": 1}]`. Throws `NeedsUser`. */
export function readRunners(path: string): readonly RunnerSpec[] {
  return readJson(path, runnersShape);
}

/** A JSON file that the user named, in the shape it must have. Throws `NeedsUser` with what is wrong and where. */
export function readJson<T>(path: string, shape: z.ZodType<T>): T {
  const refuse = (saw: string, cause?: unknown): NeedsUser =>
    new NeedsUser({
      tried: `read ${path}`,
      saw,
      next: ['See the forms in: huskycat-tui ci simulate --help'],
      code: 'bad-file',
      cause,
    });
  let parsed: unknown;
  try {
    parsed = JSON.parse(readTextFile(path));
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
  const { data, error } = shape.safeParse(parsed);
  if (error)
    throw refuse(
      error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`).join('; '),
      error,
    );
  return data;
}
