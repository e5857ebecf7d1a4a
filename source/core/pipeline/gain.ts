import { percentile, type Summary } from '../statistics.ts';
import type { RunnerSpec } from './runners.ts';
import { type Simulation, simulate, type TimedJob } from './simulate.ts';

/** A pipeline as the simulation takes it; without runners every job starts when it may. */
export interface Plan {
  readonly stages: readonly string[];
  readonly jobs: readonly TimedJob[];
  readonly runners?: readonly RunnerSpec[];
}

export interface WhatIf {
  readonly before: Simulation;
  readonly after: Simulation;
  /** Seconds of wall clock that the change saves, negative when it costs; `ratio` is before ÷ after. */
  readonly gain: { readonly seconds: number; readonly ratio: number };
  /** The gain when durations vary as they did: the middle half and nine tenths of so many draws. Absent without spreads. */
  readonly spread?: {
    readonly draws: number;
    readonly low: number;
    readonly high: number;
    readonly p5: number;
    readonly p95: number;
  };
}

export interface GainOptions {
  /** Jobs whose duration afterwards is given, and does not vary. */
  readonly fixed?: ReadonlySet<string>;
  /** Each job's usual duration, for the uncertainty of the gain. */
  readonly spreads?: ((job: string) => Summary | undefined) | undefined;
}

/** Simulates two plans, and says what the second gains over the first. */
export function gainBetween(
  earlier: Plan,
  later: Plan,
  { fixed = new Set(), spreads }: GainOptions = {},
): WhatIf {
  const [before, after] = [run(earlier), run(later)];
  const gain = {
    seconds: before.wallClock - after.wallClock,
    ratio: after.wallClock > 0 ? before.wallClock / after.wallClock : 1,
  };
  const spread = spreads && drawGains(earlier, later, fixed, spreads);
  return { before, after, gain, ...(spread ? { spread } : {}) };
}

/** GitLab makes the jobs stage by stage, and runners take the oldest first. */
function run({ stages, jobs, runners }: Plan): Simulation {
  const places = new Map(stages.map((stage, index) => [stage, index]));
  const place = ({ stage }: TimedJob): number => places.get(stage) ?? stages.length;
  return simulate(
    stages,
    jobs.toSorted((a, b) => place(a) - place(b)),
    runners,
  );
}

/** Work that is spent on draws, in simulated jobs. */
const workBudget = 40_000;

function drawGains(
  before: Plan,
  after: Plan,
  fixed: ReadonlySet<string>,
  spreads: (job: string) => Summary | undefined,
): WhatIf['spread'] {
  const known = new Map(before.jobs.flatMap(({ name }) => pair(name, spreads(name))));
  if (known.size === 0) return undefined;
  const draws = Math.max(8, Math.min(200, Math.floor(workBudget / Math.max(1, before.jobs.length))));
  const random = generator(draws * 7_919 + before.jobs.length);
  const gains = Array.from({ length: draws }, () => {
    const factors = new Map<string, number>();
    for (const [name, usual] of known) factors.set(name, drawDuration(usual, random()));
    const vary = (jobs: readonly TimedJob[], keeps: ReadonlySet<string>): TimedJob[] =>
      jobs.map((job) =>
        keeps.has(job.name) ? job : { ...job, duration: factors.get(job.name) ?? job.duration },
      );
    const none: ReadonlySet<string> = new Set();
    const first = run({ ...before, jobs: vary(before.jobs, none) });
    return first.wallClock - run({ ...after, jobs: vary(after.jobs, fixed) }).wallClock;
  }).sort((a, b) => a - b);
  return {
    draws,
    low: percentile(gains, 0.25),
    high: percentile(gains, 0.75),
    p5: percentile(gains, 0.05),
    p95: percentile(gains, 0.95),
  };
}

function pair(name: string, usual: Summary | undefined): [string, Summary][] {
  return usual && usual.n > 1 ? [[name, usual]] : [];
}

/** A duration at the share `at` of what was seen, linear between minimum, quartiles and maximum. */
function drawDuration({ min, low, median, high, max }: Summary, at: number): number {
  return percentile([min, low, median, high, max], at);
}

/** Mulberry32: the same draws each time, so that a screen does not flicker and a test holds. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
