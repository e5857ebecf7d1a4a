import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { Plan } from '../../core/plan/plan.ts';
import { keptJobs, type TrialFigures } from '../../core/plan/trialRun.ts';
import { namesIn } from '../../services/files/folder.ts';
import { readBytes } from '../../services/files/read.ts';
import { writeFileAtomically } from '../../services/files/write.ts';
import type { Workspace } from '../../services/workspace.ts';
import type { Memory } from './executor.ts';
import { planSchema, predictedSchema } from './schema.ts';

/** What is kept of a run beside the journal: its plan, and what taking its steps back needs. */
export interface RunRecord {
  readonly id: string;
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  readonly plan: Plan;
  /** Which way it goes: interrupted, it goes on this way. */
  readonly direction: 'apply' | 'undo';
  /** By step; on disk before the step's intent is journaled. */
  readonly memories: Readonly<Record<string, Memory>>;
  /** Steps that the user wants left as they are when the rest is taken back. */
  readonly keep: readonly string[];
  /** What its pipelines took, oldest first: of a trial. */
  readonly tried?: readonly TrialFigures[];
  /** Absent while it goes on, and after an interruption. */
  readonly ended?: 'done' | 'undone' | 'unchanged';
}

const figures = z.object({
  pipeline: z.number(),
  status: z.string(),
  wallClock: z.number().optional(),
  jobs: z
    .array(
      z.object({
        name: z.string(),
        status: z.string(),
        seconds: z.number().optional(),
        queue: z.number().optional(),
        marks: z.array(z.string()),
      }),
    )
    .max(keptJobs),
  expected: z
    .object({ before: z.number(), wallClock: z.number(), jobs: z.record(z.string(), z.number()) })
    .optional()
    .catch(undefined),
});

const recordSchema = z.object({
  id: z.string(),
  startedAt: z.string(),
  plan: planSchema,
  direction: z.enum(['apply', 'undo']),
  memories: z.record(z.string(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
  keep: z.array(z.string()),
  // What another version wrote of these is no reason to lose the run.
  tried: z.array(figures).optional().catch(undefined),
  predicted: predictedSchema.optional().catch(undefined),
  ended: z.enum(['done', 'undone', 'unchanged']).optional(),
});

/** The folder of the records, beside the journal. */
function folderOf(workspace: Workspace): string {
  return join(dirname(workspace.journal.path), 'runs');
}

/** Puts a record on disk, whole and flushed. */
export async function saveRecord(workspace: Workspace, record: RunRecord): Promise<void> {
  const path = join(folderOf(workspace), `${record.id}.json`);
  await workspace.gate.perform({
    title: 'Keep what undoing needs',
    effect: 'own',
    target: path,
    detail: 'the plan, and what its steps found',
    undo: 'irreversible',
    perform: (grant) =>
      writeFileAtomically(grant, path, `${JSON.stringify(written(record))}\n`, {
        mode: 0o600,
        forceMode: true,
      }),
  });
}

/** What is expected stands beside the plan, where a version that does not know it passes it over. */
function written({ plan: { predicted, ...plan }, ...record }: RunRecord): object {
  return { ...record, plan, ...(predicted ? { predicted } : {}) };
}

export interface Records {
  /** Oldest first. */
  readonly runs: readonly RunRecord[];
  /** Paths of those that cannot be understood. */
  readonly damaged: readonly string[];
}

/** The records of all runs. */
export function readRecords(workspace: Workspace): Records {
  const folder = folderOf(workspace);
  const runs: RunRecord[] = [];
  const damaged: string[] = [];
  for (const name of namesIn(folder).filter((one) => one.endsWith('.json') && !one.startsWith('.'))) {
    const record = parseRecord(readBytes(join(folder, name))?.toString('utf8') ?? '');
    if (record) runs.push(record);
    else damaged.push(join(folder, name));
  }
  return { runs: runs.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1)), damaged };
}

function parseRecord(text: string): RunRecord | undefined {
  try {
    const { data } = recordSchema.safeParse(JSON.parse(text));
    if (!data) return undefined;
    const { predicted, ...record } = data;
    const plan = predicted ? { ...record.plan, predicted } : record.plan;
    return { ...record, plan } as RunRecord;
  } catch {
    return undefined;
  }
}
