import * as z from 'zod';
import { readTextFile } from '../services/files/read.ts';
import { writeFileAtomically } from '../services/files/write.ts';
import type { Gate } from '../services/gate.ts';
import type { LastRun } from './monitor.ts';
import type { Snapshot, Source } from './snapshot.ts';

/** Sources whose values are kept for the next start; the checkout is read at once anyway. */
const kept = [
  'project',
  'token',
  'variables',
  'protections',
  'runners',
  'pipelines',
  'pipeline',
  'signingJobs',
  'attic',
  'bazelRemote',
  'honey',
  'tools',
] as const satisfies readonly Source[];

/** Older values would mislead more than they help. */
const longestAge = 30 * 86_400_000;

const shape = z.object({
  version: z.string(),
  target: z.string(),
  values: z.record(z.string(), z.object({ value: z.unknown(), fetchedAt: z.number() })),
});

export interface LastRunFile {
  readonly path: string;
  /** Of the program: values of another version are not read. */
  readonly version: string;
  /** What was looked at (servers, project, host): values of another target are not read. */
  readonly target: string;
}

/** The values of the run before, for a first screen that is marked stale; none when there is no such file or it does not fit. */
export function readLastRun({ path, version, target }: LastRunFile, now: number): LastRun {
  try {
    const { data } = shape.safeParse(JSON.parse(readTextFile(path)));
    if (data?.version !== version || data.target !== target) return {};
    const fresh = Object.entries(data.values).filter(
      ([name, { fetchedAt }]) => kept.some((one) => one === name) && now - fetchedAt < longestAge,
    );
    return Object.fromEntries(fresh) as LastRun;
  } catch {
    return {};
  }
}

/** Keeps the values that answered, as the program's own state (0600). It holds no secret: no value of a variable is in a snapshot. */
export async function saveLastRun(
  gate: Gate,
  { path, version, target }: LastRunFile,
  snapshot: Snapshot,
): Promise<void> {
  const values = Object.fromEntries(
    kept.flatMap((name) => {
      const { value, fetchedAt } = snapshot[name];
      return value === undefined || fetchedAt === undefined ? [] : [[name, { value, fetchedAt }]];
    }),
  );
  if (Object.keys(values).length === 0) return;
  const text = JSON.stringify({ version, target, values });
  await gate.perform({
    title: 'Keep what was seen for the next start',
    effect: 'own',
    target: path,
    detail: `${text.length} characters of JSON`,
    undo: { text: `Remove ${path}.` },
    perform: (grant) => writeFileAtomically(grant, path, text, { mode: 0o600 }),
  });
}
