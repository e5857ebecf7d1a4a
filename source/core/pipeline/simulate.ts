import { Heap } from './heap.ts';
import type { MachineJob } from './machine.ts';
import { createRunnerPool, type RunnerPool, type RunnerSpec } from './runners.ts';
import { type JobStatus, startStatus } from './status.ts';

/** A job with how long it runs, in seconds. A bridge takes no runner. */
export interface TimedJob extends MachineJob {
  readonly tags: readonly string[];
  readonly duration: number;
  readonly isBridge?: boolean;
}

/** What happened to a job; times are seconds from the pipeline's creation. */
export interface SimulatedJob {
  readonly name: string;
  readonly queuedAt: number;
  readonly start: number;
  readonly end: number;
  readonly runner?: string;
  /** The job whose end let this one go on; absent when it started with the pipeline. */
  readonly waitedFor?: { readonly job: string; readonly because: 'needs' | 'stage' | 'runner' };
}

export interface Simulation {
  /** Seconds until the last job ended. */
  readonly wallClock: number;
  readonly jobs: readonly SimulatedJob[];
  /** The chain that ends last, first job first. */
  readonly criticalPath: readonly SimulatedJob[];
  /** Jobs that did not run, and why. */
  readonly idle: readonly {
    readonly name: string;
    readonly because: 'manual' | 'skipped' | 'blocked' | 'stuck';
  }[];
}

interface State {
  readonly job: TimedJob;
  readonly index: number;
  readonly stageIndex: number;
  readonly dependants: State[];
  /** Needs that are not finished. */
  waiting: number;
  /** A need did not run. */
  broken: boolean;
  status: JobStatus;
  last: State | undefined;
  queuedAt: number;
  start: number;
  end: number;
  runner: string | undefined;
  waitedFor: SimulatedJob['waitedFor'];
}

/**
 * Runs a pipeline in which every job succeeds and no manual job is played, on runners with tags and capacity; without
 * runners every job starts when it may. O((jobs + needs) log jobs) for a fixed number of runners and tag sets.
 */
export function simulate(
  stages: readonly string[],
  jobs: readonly TimedJob[],
  runners?: readonly RunnerSpec[],
): Simulation {
  return new Run(stages, jobs, runners).result();
}

class Run {
  private readonly states: State[];
  private readonly byStage: State[][];
  private readonly left: number[];
  private readonly pool: RunnerPool<State>;
  private readonly ends = new Heap<State>((a, b) => a.end < b.end || (a.end === b.end && a.index < b.index));
  private readonly done: State[] = [];
  private openStage = 0;
  private lastOfStages: State | undefined;
  private now = 0;

  constructor(
    stages: readonly string[],
    jobs: readonly TimedJob[],
    runners: readonly RunnerSpec[] | undefined,
  ) {
    this.pool = createRunnerPool(runners, (a, b) => a.index < b.index);
    this.states = jobs.map((job, index) => blank(job, index, stages.indexOf(job.stage)));
    const byName = new Map(this.states.map((state) => [state.job.name, state]));
    for (const state of this.states) {
      for (const name of state.job.needs ?? []) {
        const need = byName.get(name);
        if (!need) continue;
        need.dependants.push(state);
        state.waiting += 1;
      }
    }
    this.byStage = stages.map(() => []);
    for (const state of this.states) this.byStage[state.stageIndex]?.push(state);
    this.left = this.byStage.map((members) => members.length);
  }

  result(): Simulation {
    // An optional manual job lets go of those that need it at once: they are released by then.
    for (const state of this.states)
      if (state.job.needs && state.waiting === 0 && state.status === 'created') this.release(state, false);
    this.enterStage();
    this.openStages();
    for (;;) {
      this.dispatch();
      const next = this.ends.pop();
      if (!next) break;
      this.now = next.end;
      this.pool.free(next.runner, next);
      this.settle(next, 'success');
    }
    return summarize(this.states, this.done);
  }

  /** Stage-ordered jobs of the stage that has just opened. */
  private enterStage(): void {
    for (const state of this.byStage[this.openStage] ?? []) {
      if (!state.job.needs && state.status === 'created') this.release(state, false, this.lastOfStages);
    }
  }

  private openStages(): void {
    while (this.left[this.openStage] === 0 && this.openStage < this.byStage.length) {
      this.openStage += 1;
      this.enterStage();
    }
  }

  private release(state: State, broken: boolean, after: State | undefined = state.last): void {
    const { job } = state;
    state.status = startStatus(job.when, broken ? 'skipped' : 'success', job.needs !== null);
    if (state.status === 'scheduled') state.status = 'pending';
    state.queuedAt = this.now;
    if (after) state.waitedFor = { job: after.job.name, because: job.needs ? 'needs' : 'stage' };
    if (state.status === 'pending') this.queue(state);
    else if (state.status === 'skipped' || job.allowFailure) this.settle(state, state.status);
  }

  private queue(state: State): void {
    if (state.job.isBridge) this.begin(state, undefined, undefined);
    else this.pool.queue(state.job.tags, state);
  }

  private dispatch(): void {
    for (const { item, runner, freedBy } of this.pool.assign()) this.begin(item, runner, freedBy);
  }

  private begin(state: State, runner: string | undefined, freedBy: State | undefined): void {
    state.status = 'running';
    state.start = this.now;
    state.end = this.now + state.job.duration;
    state.runner = runner;
    if (freedBy && state.start > state.queuedAt)
      state.waitedFor = { job: freedBy.job.name, because: 'runner' };
    this.ends.push(state);
  }

  /** A job is over for those behind it: it ran, was skipped, or is a manual job that may be left out. */
  private settle(state: State, status: JobStatus): void {
    state.status = status;
    if (status === 'success') {
      this.done.push(state);
      if (!this.lastOfStages || state.end >= this.lastOfStages.end) this.lastOfStages = state;
    }
    for (const dependant of state.dependants) {
      dependant.waiting -= 1;
      dependant.broken ||= status !== 'success';
      if (status === 'success') dependant.last = state;
      if (dependant.waiting === 0) this.release(dependant, dependant.broken);
    }
    const left = this.left[state.stageIndex];
    if (left !== undefined) this.left[state.stageIndex] = left - 1;
    this.openStages();
  }
}

function blank(job: TimedJob, index: number, stageIndex: number): State {
  return {
    job,
    index,
    stageIndex,
    dependants: [],
    waiting: 0,
    broken: false,
    status: 'created',
    last: undefined,
    queuedAt: 0,
    start: 0,
    end: 0,
    runner: undefined,
    waitedFor: undefined,
  };
}

function summarize(states: readonly State[], done: readonly State[]): Simulation {
  const jobs = done.map(
    (state): SimulatedJob => ({
      name: state.job.name,
      queuedAt: state.queuedAt,
      start: state.start,
      end: state.end,
      ...(state.runner === undefined ? {} : { runner: state.runner }),
      ...(state.waitedFor ? { waitedFor: state.waitedFor } : {}),
    }),
  );
  const idle = states
    .filter(({ status }) => status !== 'success')
    .map(({ job, status }) => {
      const because =
        status === 'manual' || status === 'skipped' ? status : status === 'pending' ? 'stuck' : 'blocked';
      return { name: job.name, because } as const;
    });
  return { wallClock: jobs.at(-1)?.end ?? 0, jobs, criticalPath: criticalPath(jobs), idle };
}

function criticalPath(jobs: readonly SimulatedJob[]): SimulatedJob[] {
  const byName = new Map(jobs.map((job) => [job.name, job]));
  const path: SimulatedJob[] = [];
  for (let job = jobs.at(-1); job; job = job.waitedFor && byName.get(job.waitedFor.job)) path.push(job);
  return path.reverse();
}
