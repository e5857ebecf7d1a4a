import { ancestorsOf } from './ancestors.ts';
import { behind } from './behind.ts';
import { legalProblems } from './legal.ts';
import { applyMoves, type Move } from './moves.ts';
import { downloadNeed, isFile } from './needed.ts';
import { mustWait } from './uses.ts';
import type { Wait, Waits } from './waits.ts';
import type { EventJobs, World } from './world.ts';

/** A need that another job gets so that nothing which relied on the old order loses it. */
export interface HandedOn {
  readonly job: string;
  readonly need: string;
  /** For results alone, or for what it uses. */
  readonly isGate: boolean;
}

/** Moves taken together, made whole: what all jobs wait for afterwards. */
export interface Proposal {
  readonly moves: readonly Move[];
  readonly waits: Waits;
  readonly handedOn: readonly HandedOn[];
  /** Why they cannot be made; empty when they can. */
  readonly problems: readonly string[];
  /** How many jobs were looked at for what they rely on: it costs time. */
  readonly looks: number;
}

/** More pairs of jobs, and more jobs that rely on what they would lose, are not looked at for one proposal. */
const mostPairs = 100_000;
const mostLooks = 300;

/**
 * Makes the moves, then gives every job behind them the needs that it would lose and relies on: what is published still waits
 * for all the results it waited for, what reads an image still waits for the job that makes it.
 */
export function propose(world: World, moves: readonly Move[]): Proposal {
  const waits = applyMoves(world.waits, moves);
  const changed = [...waits].flatMap(([name, wait]) => (wait === world.waits.get(name) ? [] : [name]));
  const handedOn = new Map<string, HandedOn>();
  const problems: string[] = [];
  let looks = 0;
  for (const name of changed) keepFiles(world, waits, name, problems);
  for (const event of world.events) {
    const lost = new Set(changed.flatMap((name) => [...lostBy(world, event, waits, name)]));
    if (lost.size === 0) continue;
    const jobs = [...behind(world, event, changed)].filter((name) => mayLose(world, waits, name));
    const isFew = jobs.length * lost.size <= mostPairs;
    for (const job of isFew ? inOrder(world, waits, jobs) : [])
      if (looks <= mostLooks) looks += handOn(world, event, { waits, lost, job, handedOn, problems });
    if (isFew && looks <= mostLooks) continue;
    problems.push(`${jobs.length} jobs are behind it, too many to look at what each relies on`);
    break;
  }
  return {
    moves,
    waits,
    handedOn: [...handedOn.values()],
    looks,
    problems: [...new Set([...problems, ...legalProblems(world, waits)])],
  };
}

/** A job in stage order keeps all of the stages before its own. */
function mayLose(world: World, waits: Waits, name: string): boolean {
  return waits.get(name)?.needs !== null || waits.get(name)?.stage !== world.waits.get(name)?.stage;
}

function lostBy(world: World, event: EventJobs, waits: Waits, name: string): Set<string> {
  const lost = ancestorsOf(world, event, world.waits, name);
  for (const kept of ancestorsOf(world, event, waits, name)) lost.delete(kept);
  return lost;
}

/** Earlier stages first, and within a stage those that others need. */
function inOrder({ stageIndex }: World, waits: Waits, names: readonly string[]): string[] {
  const left = new Set(names);
  const order: string[] = [];
  const visit = (name: string): void => {
    if (!left.delete(name)) return;
    for (const { job } of waits.get(name)?.needs ?? []) visit(job);
    order.push(name);
  };
  const index = (name: string): number => stageIndex.get(waits.get(name)?.stage ?? '') ?? 0;
  for (const name of names.toSorted((a, b) => index(a) - index(b))) visit(name);
  return order;
}

interface Handing {
  readonly waits: Map<string, Wait>;
  readonly lost: ReadonlySet<string>;
  readonly job: string;
  readonly handedOn: Map<string, HandedOn>;
  readonly problems: string[];
}

/** Gives 1 when it had to look, else 0. */
function handOn(world: World, event: EventJobs, { waits, lost, job, handedOn, problems }: Handing): number {
  const relied = [...lost].filter((other) => other !== job && mustWait(world.uses.of(job, other)));
  if (relied.length === 0) return 0;
  const before = ancestorsOf(world, event, world.waits, job);
  const after = ancestorsOf(world, event, waits, job);
  const missing = relied.filter((other) => before.has(other) && !after.has(other));
  const covered = new Set(missing.flatMap((other) => [...ancestorsOf(world, event, waits, other)]));
  for (const need of missing) {
    if (covered.has(need)) continue;
    const wait = waits.get(job);
    if (!wait?.needs) {
      problems.push(`${job} would no longer wait for ${need}, and relies on it`);
      continue;
    }
    waits.set(job, { ...wait, needs: [...wait.needs, downloadNeed(world, job, need)] });
    const isGate = world.uses.of(job, need).every(({ kind }) => kind === 'gate');
    handedOn.set(`${job}\0${need}`, { job, need, isGate });
  }
  return 1;
}

/** What a changed job downloaded and uses, or may use, it must still name. */
function keepFiles(world: World, waits: Waits, name: string, problems: string[]): void {
  const [before, after] = [world.waits.get(name), waits.get(name)];
  if (!before || !after) return;
  const from = before.needs
    ? before.needs.flatMap(({ job, artifacts }) => (artifacts ? [job] : []))
    : stagesBefore(world, before.stage);
  const to = after.needs
    ? new Set(after.needs.flatMap(({ job, artifacts }) => (artifacts ? [job] : [])))
    : new Set(stagesBefore(world, after.stage));
  for (const other of from) {
    if (to.has(other) || other === name) continue;
    const use = world.uses.of(name, other).find(isFile);
    if (use) problems.push(`${name} ${use.isSure ? 'uses' : 'may use'} ${use.what} of ${other}`);
  }
}

function stagesBefore({ waits, stageIndex }: World, stage: string): string[] {
  const own = stageIndex.get(stage) ?? 0;
  return [...waits].flatMap(([name, wait]) => ((stageIndex.get(wait.stage) ?? 0) < own ? [name] : []));
}
