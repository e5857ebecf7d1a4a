import { isOwnBranch } from '../../../core/plan/branch.ts';
import { featureBranch, releaseTag } from '../../checkout/history.ts';
import type { Commit } from '../../checkout/objects.ts';
import type { Repository } from '../../checkout/repository.ts';
import type { PipelineQuestion } from './ciFiles.ts';
import { bringUpToDate, type Topic, work } from './colleagues.ts';
import type { Engine } from './engine.ts';
import { merge, NotMerged } from './merge.ts';
import type { MergeRequest, Proposal } from './mergeRequests.ts';
import { NotCreated } from './notCreated.ts';
import { project } from './places.ts';
import type { User } from './runs.ts';
import { developer, owner } from './tokens.ts';

const minute = 60_000;
const day = 1440 * minute;

/** How far back pipelines are known, in milliseconds. */
const known = 4 * day;
/** How long nothing runs until somebody starts the next pipeline. */
const pause = 3 * minute;
/** How long a colleague takes to look at a proposal. */
const review = minute;
/** How long the first live pipeline is under way when the world opens. */
const headStart = 9 * minute;

/** What starts one pipeline after the other while the world is live. */
const turns: readonly (Topic | 'night' | 'feature')[] = [
  'night',
  'feature',
  'python',
  'documents',
  'feature',
  'image',
  'python',
  'feature',
  'documents',
];

/** The world as far as it is driven here. */
export interface Driven {
  readonly engine: Engine;
  readonly repository: Repository;
  readonly mergeRequests: readonly MergeRequest[];
  /** A colleague merges what this program proposed, once its pipeline is green. */
  readonly mergesProposals: boolean;
  readonly approvalsBeforeMerge: number;
  start(question: PipelineQuestion, source: string, user: User, at: number): unknown;
  pushed(ref: string, commit: Commit, isTag: boolean, user: User, at: number): unknown;
  mergeRequestOf(branch: string): MergeRequest | undefined;
  propose(parts: Proposal, at: number): MergeRequest;
}

export interface Follower {
  /** Nothing waits or runs any more. */
  idle(at: number): void;
  /** Lets the days before `now` happen, and the first live pipeline begin. */
  begin(now: number): void;
}

/** What starts pipelines: commits and nights of the last days, then one after the other for as long as the world runs. */
export function follow(world: Driven): Follower {
  let isLive = false;
  let isAwaited = false;
  let turn = 0;
  const { engine, repository } = world;

  /** No pipeline comes of a night where the configuration does not allow one. */
  const night = (at: number): void => {
    const ref = project.defaultBranch;
    const commit = repository.find(ref);
    if (!commit) return;
    try {
      world.start({ event: 'schedule', ref, commit }, 'schedule', owner, at);
    } catch (thrown) {
      if (!(thrown instanceof NotCreated)) throw thrown;
    }
  };

  const push = (ref: string, commit: Commit | undefined, user: User, at: number): void => {
    if (commit) world.pushed(ref, commit, false, user, at);
    else night(at);
  };

  const begin = (at: number): void => {
    const what = turns[turn++ % turns.length] ?? 'night';
    if (what === 'night') night(at);
    else if (what === 'feature')
      push(featureBranch, bringUpToDate(repository, featureBranch, at), developer, at);
    else push(project.defaultBranch, work(repository, what, turn, at), owner, at);
  };

  const next = (at: number): void => {
    isAwaited = false;
    if (engine.busy()) return;
    begin(at);
    if (!engine.busy()) follower.idle(at);
  };

  const accept = (request: MergeRequest, at: number): void => {
    try {
      merge(world, request, owner, at);
    } catch (thrown) {
      if (!(thrown instanceof NotMerged)) throw thrown;
    }
    next(at);
  };

  const follower: Follower = {
    idle(at) {
      if (!isLive || isAwaited) return;
      isAwaited = true;
      const green = world.mergesProposals ? greenProposal(world) : undefined;
      if (green) engine.at(at + review, (time) => accept(green, time));
      else engine.at(at + pause, next);
    },
    begin(now) {
      past(world, now);
      engine.advance(now - headStart);
      isLive = true;
      next(now - headStart);
      engine.advance(now);
    },
  };
  return follower;
}

/** A proposal of this program that is approved and whose newest pipeline is green. */
function greenProposal({ engine, mergeRequests, approvalsBeforeMerge }: Driven): MergeRequest | undefined {
  return mergeRequests.find(
    ({ iid, state, source, approvedBy }) =>
      state === 'opened' &&
      approvedBy.length >= approvalsBeforeMerge &&
      isOwnBranch(source) &&
      engine.pipelines.findLast(({ mergeRequest }) => mergeRequest === iid)?.status === 'success',
  );
}

/** Pipelines of the commits and nights since the beginning, for the engine to run through. */
function past(world: Driven, now: number): void {
  const { engine, repository } = world;
  const starts: { at: number; run: (at: number) => void }[] = [];
  const main = repository.find(project.defaultBranch);
  const release = repository.tags.get(releaseTag);
  const commits = main ? [...repository.log(main)] : [];
  for (const commit of commits) {
    const at = commit.at * 1000 + 20_000;
    if (at < now - known) break;
    starts.push({
      at,
      run: (time) => void world.pushed(project.defaultBranch, commit, false, owner, time),
    });
    if (commit.sha === release) {
      const tagged = at + 50 * minute;
      starts.push({ at: tagged, run: (time) => void world.pushed(releaseTag, commit, true, owner, time) });
    }
  }
  const head = repository.find(featureBranch);
  const own = head ? [...repository.log(head)].filter((commit) => !commits.includes(commit)) : [];
  for (const commit of own.toReversed()) {
    const at = commit.at * 1000 + 30_000;
    const parts = {
      source: featureBranch,
      target: project.defaultBranch,
      title: 'Check JSON lines',
      description: 'Each line is checked by itself.',
      author: developer,
    };
    starts.push({
      at,
      run: (time) => {
        if (!world.mergeRequestOf(featureBranch)) world.propose(parts, time);
        world.pushed(featureBranch, commit, false, developer, time);
      },
    });
  }
  for (
    let night = Math.ceil((now - known) / day) * day + 150 * minute;
    night < now - 3 * 60 * minute;
    night += day
  ) {
    const commit = commits.find((one) => one.at * 1000 < night);
    if (!commit) continue;
    const question = { event: 'schedule', ref: project.defaultBranch, commit } as const;
    starts.push({ at: night, run: (time) => void world.start(question, 'schedule', owner, time) });
  }
  for (const { at, run } of starts) engine.at(at, run);
}
