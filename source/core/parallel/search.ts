import { type Move, movesOf, plansMove } from './moves.ts';
import type { Pipelines } from './pipelines.ts';
import { type Proposal, propose } from './propose.ts';
import { createValuer, mostSaved, type Value, type Valuer, type Weights } from './value.ts';
import type { World } from './world.ts';

/** Moves with what they bring, alone or together. */
export interface Valued extends Proposal {
  readonly value: Value;
}

export interface SearchResult {
  /** The set that brings most; undefined when none brings at least the minimum. */
  readonly best?: Valued;
  /** Each move by itself, the most useful first; of jobs on a critical path, and the plan's own. */
  readonly single: readonly Valued[];
  /** Jobs on a critical path that have no move, and why. */
  readonly fixed: readonly { readonly job: string; readonly because: string }[];
  /** False when there was no time to look at all. */
  readonly isComplete: boolean;
}

export interface SearchOptions {
  readonly weights: Weights;
  /** Seconds that a set must save in some event, and that each of its moves must add. */
  readonly minimum: number;
  /** Jobs that may be simulated in all. */
  readonly budget?: number;
}

const usualBudget = 1_000_000;
/** Shares of the budget that are kept for what comes after. */
const kept = { pruning: 0.5, single: 0.25 };
/** Moves of jobs that run at the same time bring nothing one by one: so many may be tried together. */
const mostTogether = 12;

/**
 * Looks for the moves that shorten the critical path: greedily, move by move, along the path as it is after each; where no
 * single move helps, all of the path together. In the end each move that adds nothing to the others is dropped.
 */
export function searchMoves(world: World, pipelines: Pipelines, options: SearchOptions): SearchResult {
  return new Search(world, pipelines, options).run();
}

class Search {
  private readonly valuer: Valuer;
  private readonly world: World;
  private readonly options: SearchOptions;
  private readonly candidates = new Map<string, Move>();
  private readonly fixed = new Map<string, string>();
  private readonly looked = new Set<string>();
  private isCut = false;

  constructor(world: World, pipelines: Pipelines, options: SearchOptions) {
    this.world = world;
    this.options = options;
    const { weights, budget = usualBudget } = options;
    this.valuer = createValuer(pipelines, world.waits, weights, budget);
  }

  run(): SearchResult {
    const found = this.grow();
    const best = found && this.prune(found);
    const plan = plansMove(this.world);
    const moves = [...('id' in plan ? [plan] : []), ...this.candidates.values()];
    const single = moves.flatMap((move) => (this.valuer.left > 0 ? [this.value([move])] : []));
    const useful = best && mostSaved(best.value, this.options.weights) >= this.options.minimum;
    return {
      ...(useful ? { best } : {}),
      single: single.sort((a, b) => b.value.score - a.value.score),
      fixed: [...this.fixed].map(([job, because]) => ({ job, because })),
      isComplete: this.valuer.left > 0 && !this.isCut,
    };
  }

  /** Asks for time; when there is none left the search is not complete. */
  private hasMoreThan(share: number): boolean {
    if (this.valuer.left > share) return true;
    this.isCut = true;
    return false;
  }

  private value(moves: readonly Move[]): Valued {
    const proposal = propose(this.world, moves);
    // A look at what a job relies on goes through all jobs once, which a simulation does many times.
    this.valuer.spend((proposal.looks * this.world.waits.size) / 25);
    return { ...proposal, value: this.valuer.of(proposal.waits) };
  }

  /** Candidates of the jobs on the critical paths of these waits. */
  private onPath(waits: Proposal['waits']): Move[] {
    const jobs = this.valuer.criticalJobs(waits);
    for (const job of jobs.keys()) {
      if (this.looked.has(job)) continue;
      this.looked.add(job);
      const moves = movesOf(this.world, job);
      if ('because' in moves) this.fixed.set(job, moves.because);
      else for (const move of moves) this.candidates.set(move.id, move);
    }
    return [...this.candidates.values()].filter(({ changes }) =>
      changes.some(({ job, drop }) => {
        const others = jobs.get(job);
        // Of a job's needs only those matter that it really waited for last.
        return others !== undefined && (drop?.some((need) => others.has(need)) ?? true);
      }),
    );
  }

  private grow(): Valued | undefined {
    let taken = this.value([]);
    let tried: Valued = taken;
    while (this.hasMoreThan(kept.pruning)) {
      const ids = new Set(tried.moves.map(({ id }) => id));
      const jobs = new Set(
        tried.moves.filter(isWhole).flatMap(({ changes }) => changes.map(({ job }) => job)),
      );
      const open = this.onPath(tried.waits).filter(
        (move) =>
          !ids.has(move.id) &&
          isForAll(move) &&
          !(isWhole(move) && move.changes.some(({ job }) => jobs.has(job))),
      );
      const next = open
        .flatMap((move) => (this.hasMoreThan(kept.pruning) ? [this.value([...tried.moves, move])] : []))
        .filter(({ problems, value }) => problems.length === 0 && value.loss < 1e-6)
        .sort((a, b) => b.value.score - a.value.score)[0];
      if (!next || next.value.score < tried.value.score - 1e-6) break;
      tried = next;
      if (next.value.score > taken.value.score + 1e-6) taken = next;
      if (tried.moves.length - taken.moves.length > mostTogether) break;
    }
    return taken.moves.length > 0 ? taken : undefined;
  }

  /** Drops, the least useful first, what adds less than the minimum to the rest. */
  private prune(found: Valued): Valued {
    let rest = found;
    while (rest.moves.length > 1 && this.hasMoreThan(kept.single)) {
      const least = rest.moves
        .map((move) => this.value(rest.moves.filter((other) => other !== move)))
        .filter(({ problems, value }) => problems.length === 0 && value.loss < 1e-6)
        .map((without) => ({ without, adds: added(without.value, rest.value, this.options.weights) }))
        .sort((a, b) => a.adds - b.adds)[0];
      if (!least || least.adds >= this.options.minimum) break;
      rest = least.without;
    }
    return rest;
  }
}

/** What is taken without being asked for by name: nothing that is guessed, and no other stage, which has a meaning for people. */
export function isForAll({ guesses, kind }: Pick<Move, 'guesses' | 'kind'>): boolean {
  return guesses.length === 0 && kind !== 'earlier-stage';
}

/** A move that says all that its job waits for: two of them for one job are alternatives. */
function isWhole({ kind }: Move): boolean {
  return kind !== 'drop-need';
}

/** The most seconds that an event which counts loses without a move. */
function added(without: Value, whole: Value, weights: Weights): number {
  const gains = whole.gains.filter(({ event }) => (weights[event] ?? 0) > 0);
  return Math.max(
    0,
    ...gains.map(({ event, after }) => {
      const other = without.gains.find((gain) => gain.event === event);
      return (other?.after ?? after) - after;
    }),
  );
}
