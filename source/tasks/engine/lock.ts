import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { NeedsUser, Refused } from '../../core/failure.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { plain } from '../../core/text/safe.ts';
import { createExclusively, removeExactly } from '../../services/files/exclusive.ts';
import { readBytes } from '../../services/files/read.ts';
import type { Write } from '../../services/gate.ts';
import { isGone, thisProcess } from '../../services/process/owner.ts';
import type { Workspace } from '../../services/workspace.ts';

/** A hold on a target: nobody else changes it as long as it is held. */
export interface Lock {
  /** Throws `Refused` when somebody else broke it. */
  check(): Promise<void>;
  release(): Promise<void>;
}

export interface LockOptions {
  readonly workspace: Workspace;
  readonly run: string;
  readonly task: string;
  /** Breaks a lock whose owner may still be there: the user said so. */
  readonly isBroken?: boolean;
  readonly signal?: AbortSignal | undefined;
}

const ownerSchema = z.object({
  host: z.string(),
  boot: z.string(),
  pid: z.number(),
  started: z.string(),
  task: z.string(),
  at: z.string(),
});

/**
 * Owners' texts of the locks that this process holds or is taking. One of ours that is not among them was left behind, by a
 * release that did not get through.
 */
const ours = new Set<string>();

/** Takes a lock with `take`, so that nobody in this process takes it for one that was left behind. */
export async function taking(text: string, take: () => Promise<boolean>): Promise<boolean> {
  ours.add(text);
  let isTaken = false;
  try {
    isTaken = await take();
    return isTaken;
  } finally {
    if (!isTaken) ours.delete(text);
  }
}

/** Releases a lock; whatever comes of it, it is no longer held. */
export async function releasing<T>(text: string, release: () => Promise<T>): Promise<T> {
  try {
    return await release();
  } finally {
    ours.delete(text);
  }
}

/** What a plan changes, as keys that two plans share when they change the same. */
export function lockKeys({ steps }: Plan): string[] {
  const keys = steps.flatMap(({ action }) => {
    if (action.kind === 'edit-file') return [`checkout ${action.root}`];
    if (action.kind === 'command')
      return [action.where === 'here' ? 'this machine' : `host ${action.address ?? 'honey'}`];
    return action.kind === 'wait' ? [] : [`project ${action.server}/${action.project}`];
  });
  return [...new Set(keys)].sort();
}

/** The text that a lock holds: who has it. */
export async function ownerText({ task, run, workspace }: LockOptions): Promise<string> {
  const at = new Date(workspace.now()).toISOString();
  return `${JSON.stringify({ ...(await thisProcess()), task, run, at })}\n`;
}

/** Locks one target for this user on this machine. Throws `NeedsUser` while another run has it; a dead one's lock is taken over. */
export async function lockHere(key: string, options: LockOptions): Promise<Lock> {
  const { workspace } = options;
  const name = `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.lock`;
  const path = join(dirname(workspace.journal.path), 'locks', name);
  const text = await ownerText(options);
  const own = <T>(title: string, perform: Write<T>['perform']): Promise<T> =>
    workspace.gate.perform({
      title,
      effect: 'own',
      target: path,
      detail: key,
      undo: 'irreversible',
      perform,
    });
  const read = (): string | undefined => readBytes(path)?.toString('utf8');
  const take = () => own('Lock', (grant) => createExclusively(grant, path, text));
  while (!(await taking(text, take))) {
    const held = read();
    if (held === undefined) continue;
    if (!options.isBroken && !(await isStale(held))) throw busy(key, held);
    await own('Break a lock', (grant) => removeExactly(grant, path, held));
  }
  return {
    async check() {
      if (read() !== text) throw lost(key);
    },
    async release() {
      await releasing(text, () => own('Unlock', (grant) => removeExactly(grant, path, text)));
    },
  };
}

/** Whether the owner that a lock names is gone for certain, or is this process, which let go of it. */
export async function isStale(held: string): Promise<boolean> {
  const owner = parseOwner(held);
  if (owner === undefined) return false;
  const { host, boot, pid, started } = await thisProcess();
  const isOurs = owner.host === host && owner.boot === boot && owner.pid === pid && owner.started === started;
  return isOurs ? !ours.has(held) : isGone(owner);
}

/** The refusal for a target that somebody else has. */
export function busy(key: string, held: string): NeedsUser {
  const owner = parseOwner(held);
  const who = owner
    ? `task ${plain(owner.task)}, process ${owner.pid} on ${plain(owner.host)}, since ${plain(owner.at)}`
    : 'somebody who left no name';
  return new NeedsUser({
    tried: `lock ${plain(key)}`,
    saw: `it is being changed by ${who}`,
    next: ['Wait until that run ends.', 'When it is certain that it has ended: --break-lock'],
    code: 'locked',
  });
}

/** The refusal to go on without the lock. */
export function lost(key: string): Refused {
  return new Refused({
    tried: `change ${plain(key)}`,
    saw: 'its lock was broken by somebody else',
    next: ['Look at who changes it, then resume.'],
    code: 'lock-lost',
  });
}

function parseOwner(text: string) {
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
