import { downloadNeed } from './needed.ts';
import { describeUse, mustWait } from './uses.ts';
import { immovable, type Wait, type Waits, type WrittenNeed, whensOf } from './waits.ts';
import type { World } from './world.ts';

/** What one job waits for afterwards; what is absent stays. */
export interface JobMove {
  readonly job: string;
  readonly needs?: readonly WrittenNeed[];
  /** Needs that go. */
  readonly drop?: readonly string[];
  readonly stage?: string;
}

export type MoveKind = 'at-once' | 'exact-needs' | 'drop-need' | 'earlier-stage' | 'plan';

/** One thing that lets a job start earlier. */
export interface Move {
  /** As on the command line: `sbom:exact-needs`. */
  readonly id: string;
  readonly kind: MoveKind;
  readonly title: string;
  readonly changes: readonly JobMove[];
  /** What could not be told and is therefore waited for: nobody is sure that it must be. */
  readonly guesses: readonly string[];
}

/** A job that could start earlier in principle, and why no move is offered. */
export interface NoMove {
  readonly job: string;
  readonly because: string;
}

/** The moves that a job of a configuration has, whatever they gain; or why it has none. */
export function movesOf(world: World, job: string): readonly Move[] | NoMove {
  const definition = world.configuration.jobs.get(job);
  const wait = world.waits.get(job);
  if (!definition || !wait) return { job, because: 'it is not defined here' };
  const fixed = immovable(definition);
  if (fixed !== undefined) return { job, because: fixed };
  return wait.needs === null ? fromStageOrder(world, job, wait) : fromNeeds(world, job, wait.needs);
}

function fromNeeds(world: World, job: string, needs: readonly WrittenNeed[]): readonly Move[] | NoMove {
  const idle = needs.filter(
    ({ job: need }) =>
      world.configuration.jobs.has(need) && !isManual(world, need) && world.uses.of(job, need).length === 0,
  );
  if (idle.length === 0)
    return { job, because: needs.length === 0 ? 'it starts at once' : 'each need is used' };
  return idle.map(({ job: need }) => ({
    id: `${job}:drop:${need}`,
    kind: 'drop-need',
    title: `${job} no longer waits for ${need}`,
    changes: [{ job, drop: [need] }],
    guesses: [],
  }));
}

function fromStageOrder(world: World, job: string, wait: Wait): readonly Move[] | NoMove {
  const published = world.uses.leaves(job)?.publishes;
  if (published !== undefined)
    return { job, because: `it publishes (${published}), and waits for all before it` };
  const before = earlier(world, wait);
  if (before.length === 0) return { job, because: 'nothing is before it' };
  const used = before.filter((other) => mustWait(world.uses.of(job, other)));
  const ask = used.find((other) => isManual(world, other));
  if (ask !== undefined)
    return { job, because: `it uses, or may use, something of ${ask}, which is started by hand` };
  if (used.length === before.length)
    return { job, because: 'it uses, or may use, something of each job before it' };
  const guesses = used.flatMap((other) => {
    const uses = world.uses.of(job, other);
    return uses.some(({ isSure }) => isSure) ? [] : [`${other}: ${describeUse(uses[0])}`];
  });
  const needs = used.map((other) => downloadNeed(world, job, other));
  const exact: Move = {
    id: used.length === 0 ? `${job}:at-once` : `${job}:exact-needs`,
    kind: used.length === 0 ? 'at-once' : 'exact-needs',
    title:
      used.length === 0
        ? `${job} starts at once: it uses nothing of the ${before.length} jobs before it`
        : `${job} waits for ${used.join(', ')} alone, not for all ${before.length} jobs before it`,
    changes: [{ job, needs }],
    guesses,
  };
  const stage = earliestStage(world, wait, used);
  if (stage === undefined) return [exact];
  const moved: Move = {
    id: `${job}:stage:${stage}`,
    kind: 'earlier-stage',
    title: `${job} moves from the stage ${wait.stage} to ${stage}`,
    changes: [{ job, stage }],
    guesses: [],
  };
  return [exact, moved];
}

/** Jobs of earlier stages, in the configuration's order. */
function earlier({ waits, stageIndex, events }: World, { stage }: Wait): string[] {
  const own = stageIndex.get(stage) ?? 0;
  return [...waits].flatMap(([name, wait]) =>
    (stageIndex.get(wait.stage) ?? 0) < own && events.some(({ jobs }) => jobs.has(name)) ? [name] : [],
  );
}

/** The first stage that holds a job and is behind everything used; undefined when that is the present one. */
function earliestStage(
  { waits, stageIndex }: World,
  wait: Wait,
  used: readonly string[],
): string | undefined {
  const indexOf = (stage: string | undefined): number => stageIndex.get(stage ?? '') ?? 0;
  const last = Math.max(-1, ...used.map((name) => indexOf(waits.get(name)?.stage)));
  const own = indexOf(wait.stage);
  const inUse = new Set([...waits.values()].map(({ stage }) => indexOf(stage)));
  const found = [...stageIndex].find(
    ([stage, index]) => index > last && inUse.has(index) && stage !== '.pre',
  );
  return found && found[1] < own ? found[0] : undefined;
}

function isManual({ configuration }: World, name: string): boolean {
  const job = configuration.jobs.get(name);
  return job !== undefined && [...whensOf(job)].some((when) => when === 'manual' || when === 'on_failure');
}

/** The plan's own move: jobs that download tools run in the first stage, `validate`, and wait for nothing. */
export function plansMove({ configuration, waits }: World): Move | NoMove {
  const jobs = [...waits.keys()].filter((name) => /\bdownload\b/.test(name));
  if (jobs.length === 0) return { job: 'download:tools:*', because: 'no job of that name is there' };
  const stage = configuration.stages.find((name) => name === 'validate') ?? firstStage(configuration.stages);
  const changes = jobs.flatMap((job): JobMove[] => {
    const wait = waits.get(job);
    const isThere = wait?.stage === stage && wait.needs?.length === 0;
    return isThere ? [] : [{ job, stage, needs: [] }];
  });
  if (changes.length === 0)
    return { job: jobs.join(', '), because: `they are in ${stage} and start at once already` };
  return {
    id: 'plan',
    kind: 'plan',
    title: `${jobs.join(', ')} run in ${stage} and wait for nothing`,
    changes,
    guesses: [],
  };
}

function firstStage(stages: readonly string[]): string {
  return stages.find((stage) => stage !== '.pre') ?? 'test';
}

/** What every job waits for once the moves are made, one after the other. */
export function applyMoves(waits: Waits, moves: readonly Move[]): Map<string, Wait> {
  const after = new Map(waits);
  for (const { job, needs, drop, stage } of moves.flatMap(({ changes }) => changes)) {
    const before = after.get(job);
    if (!before) continue;
    const kept = needs ?? before.needs;
    const gone = new Set(drop ?? []);
    after.set(job, {
      ...before,
      ...(stage === undefined ? {} : { stage }),
      needs: kept === null ? null : kept.filter((need) => !gone.has(need.job)),
    });
  }
  return after;
}
