import { randomUUID } from 'node:crypto';
import { NeedsUser, Refused } from '../../core/failure.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Secret } from '../../core/secret.ts';
import type { Workspace } from '../../services/workspace.ts';
import type { Probes } from '../readiness.ts';
import type { Context } from './context.ts';
import { type Lock, lockHere, lockKeys } from './lock.ts';
import { lockHost } from './lockHost.ts';
import { type RunRecord, readRecords } from './record.ts';

/** What every run is started with. */
export interface RunOptions {
  readonly workspace: Workspace;
  readonly signal?: AbortSignal;
  /** Asks for a secret that the plan names, before the first step; whoever gives it has told the redactor of it. */
  readonly secret?: (name: string, title: string) => Promise<Secret>;
  /** Breaks locks whose owners may still be there: the user said so. */
  readonly isLockBroken?: boolean;
  /** Of the plan's task, for steps that wait. */
  readonly probes?: Probes;
}

export function newRunId(): string {
  return randomUUID();
}

/** Runs that began and neither ended nor were taken back, oldest first. */
export function unfinishedRuns(workspace: Workspace): RunRecord[] {
  return readRecords(workspace).runs.filter(({ ended }) => ended === undefined);
}

/**
 * Throws when a run that was interrupted left one of the plan's targets in between, and the plan does not close it; or when that
 * run goes on elsewhere.
 */
export async function refuseUnfinished(plan: Plan, options: RunOptions): Promise<void> {
  const { workspace, isLockBroken = false, signal } = options;
  const keys = new Set(lockKeys(plan));
  const closed = new Set(
    plan.steps.flatMap(({ action }) => (action.kind === 'close-trial' ? [action.run] : [])),
  );
  const other = unfinishedRuns(workspace).find(
    (run) => !closed.has(run.id) && lockKeys(run.plan).some((key) => keys.has(key)),
  );
  if (!other) return;
  const { task } = other.plan;
  // Who still runs has the lock: that run was not interrupted, and there is nothing to resume.
  if (!isLockBroken)
    for (const key of lockKeys(other.plan).filter((one) => keys.has(one)))
      await (await lockHere(key, { workspace, run: other.id, task: plan.task, signal })).release();
  throw new NeedsUser({
    tried: `apply ${plan.task}`,
    saw: `a run of ${task} from ${other.startedAt} was interrupted`,
    next: [`Go on with it: task ${task} resume`, `Or take it back: task ${task} undo`],
    code: 'unfinished-run',
  });
}

/** The secrets that a plan names, asked for now. */
export async function askSecrets(
  { secrets }: Plan,
  { secret }: RunOptions,
): Promise<ReadonlyMap<string, Secret>> {
  const given = new Map<string, Secret>();
  for (const { name, title } of secrets) {
    if (!secret)
      throw new Refused({
        tried: `ask for ${title}`,
        saw: 'there is nobody to ask',
        next: ['Give it in a terminal, or in the environment.'],
        code: 'no-secret',
      });
    given.set(name, await secret(name, title));
  }
  return given;
}

/** Holds all that a plan changes while `run` goes on: here, and on honey where it runs there. */
export async function lockAll(
  plan: Plan,
  run: string,
  { shell }: Context,
  options: RunOptions,
): Promise<Lock> {
  const { workspace, isLockBroken = false, signal } = options;
  const lock = { workspace, run, task: plan.task, isBroken: isLockBroken, signal };
  const held: Lock[] = [];
  const release = async (): Promise<void> => {
    for (const lock of held.splice(0).reverse()) await lock.release();
  };
  try {
    for (const key of lockKeys(plan)) held.push(await lockHere(key, lock));
    if (shell) held.push(await lockHost(shell, lock));
  } catch (thrown) {
    await release();
    throw thrown;
  }
  return {
    async check() {
      for (const lock of held) await lock.check();
    },
    release,
  };
}
