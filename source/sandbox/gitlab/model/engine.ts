import type { ResolvedJobSet } from '../../../core/ci/jobSet.ts';
import { Heap } from '../../../core/pipeline/heap.ts';
import { PipelineMachine } from '../../../core/pipeline/machine.ts';
import { createRunnerPool, type RunnerPool } from '../../../core/pipeline/runners.ts';
import { isCompleted } from '../../../core/pipeline/status.ts';
import { childrenOf, isBridge, mirrorMove, mirrors, NotTriggered } from './bridges.ts';
import { type Runner, usable } from './runners.ts';
import type { JobRun, Outcome, PipelineRun, User } from './runs.ts';

export interface EngineOptions {
  readonly runners: readonly Runner[];
  /** Asked when a job starts. */
  readonly outcome: (run: JobRun) => Outcome;
  /** Asked for the pipeline that a bridge starts. Throws `NotTriggered`. */
  readonly trigger: (run: JobRun, at: number) => PipelineRun;
  /** Told when a job ended by itself. */
  readonly ended: (run: JobRun) => void;
  /** Told when no job waits or runs any more. */
  readonly idle: (at: number) => void;
  readonly nextJobId: () => number;
}

export type NewPipeline = Omit<
  PipelineRun,
  'machine' | 'runs' | 'latest' | 'status' | 'updatedAt' | 'startedAt' | 'finishedAt'
> & { readonly set: ResolvedJobSet };

/** Milliseconds until a bridge that may start has started its pipeline. */
const handOver = 2_000;

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: (at: number) => void;
}

/**
 * Pipelines that move as time does: jobs by GitLab's rules, runners by tags and capacity. Nothing happens between events,
 * so time may be moved on in any steps.
 */
export class Engine {
  readonly pipelines: PipelineRun[] = [];
  readonly jobs = new Map<number, JobRun>();
  private readonly options: EngineOptions;
  private readonly pool: RunnerPool<JobRun>;
  private readonly events = new Heap<Event>((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order));
  private order = 0;
  private readonly unfinished = new Set<JobRun>();

  constructor(options: EngineOptions) {
    this.options = options;
    this.pool = createRunnerPool<JobRun>(usable(options.runners), (a, b) => a.id < b.id);
  }

  /** Milliseconds since the epoch of the next event. */
  next(): number | undefined {
    return this.events.peek()?.at;
  }

  /** Lets everything happen that is due by a time. */
  advance(until: number): void {
    for (let event = this.events.peek(); event && event.at <= until; event = this.events.peek()) {
      this.events.pop();
      event.run(event.at);
    }
  }

  at(at: number, run: (at: number) => void): void {
    this.events.push({ at, order: this.order++, run });
  }

  /** True while a job waits for a runner or runs. */
  busy(): boolean {
    return this.unfinished.size > 0;
  }

  create(parts: NewPipeline): PipelineRun {
    const { set, createdAt, user } = parts;
    const jobs = set.jobs.map(({ needs, ...job }) => ({
      ...job,
      needs: needs?.map((need) => need.job) ?? null,
    }));
    const pipeline: PipelineRun = {
      ...parts,
      machine: new PipelineMachine(set.configuration.stages, jobs),
      runs: [],
      latest: new Map(),
      status: 'created',
      updatedAt: createdAt,
    };
    const stages = set.configuration.stages;
    const ordered = set.jobs.toSorted((a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage));
    for (const job of ordered) this.attempt(pipeline, job.name, user, createdAt);
    this.pipelines.push(pipeline);
    this.settle(pipeline, createdAt);
    return pipeline;
  }

  /** Starts a manual job by hand. */
  play(run: JobRun, user: User, variables: Readonly<Record<string, string>>, at: number): JobRun {
    run.user = user;
    run.variables = variables;
    run.pipeline.machine.play(run.job.name);
    this.settle(run.pipeline, at);
    return run;
  }

  /** A new attempt, with an id of its own. */
  retry(run: JobRun, user: User, at: number): JobRun {
    const next = this.attempt(run.pipeline, run.job.name, user, at);
    run.pipeline.machine.retry(run.job.name);
    this.settle(run.pipeline, at);
    return next;
  }

  retryAll(pipeline: PipelineRun, user: User, at: number): void {
    for (const run of [...pipeline.latest.values()]) {
      if (run.status === 'failed' || run.status === 'canceled')
        this.attempt(pipeline, run.job.name, user, at);
    }
    pipeline.machine.retryAll();
    this.settle(pipeline, at);
  }

  cancel(run: JobRun, at: number): void {
    run.pipeline.machine.cancel(run.job.name);
    this.settle(run.pipeline, at);
  }

  cancelAll(pipeline: PipelineRun, at: number): void {
    for (const child of childrenOf(pipeline)) this.cancelAll(child, at);
    pipeline.machine.cancelAll();
    this.settle(pipeline, at);
  }

  private attempt(pipeline: PipelineRun, name: string, user: User, at: number): JobRun {
    const before = pipeline.latest.get(name);
    const job = before?.job ?? pipeline.set.jobs.find((one) => one.name === name);
    if (!job) throw new RangeError(`no job ${name} in the pipeline`);
    if (before) before.retried = true;
    const id = this.options.nextJobId();
    const run: JobRun = { id, pipeline, job, createdAt: at, status: 'created', retried: false, user };
    pipeline.runs.push(run);
    pipeline.latest.set(name, run);
    this.jobs.set(id, run);
    return run;
  }

  /** Brings the records to where the machine is, and hands out runners, until nothing moves. */
  private settle(pipeline: PipelineRun, at: number): void {
    this.record(pipeline, at);
    for (;;) {
      const given = this.pool.assign();
      if (given.length === 0) break;
      for (const { item, runner } of given) {
        if (item.status === 'pending' && !item.retried) this.start(item, runner, at);
        else this.pool.free(runner, item);
      }
    }
    if (!this.busy()) this.options.idle(at);
  }

  private record(pipeline: PipelineRun, at: number): void {
    for (const run of pipeline.latest.values()) {
      const status = pipeline.machine.status(run.job.name) ?? run.status;
      if (status === run.status) continue;
      const before = run.status;
      run.status = status;
      if (status === 'pending') {
        run.queuedAt = at;
        delete run.finishedAt;
        this.unfinished.add(run);
        if (isBridge(run)) this.at(at + handOver, (time) => this.trigger(run, time));
        else this.pool.queue(run.job.tags, run);
      } else if (isCompleted(status)) {
        if (status !== 'skipped' || before === 'running') run.finishedAt = at;
        this.unfinished.delete(run);
        if (before === 'running') this.pool.free(run.runner?.description, run);
      }
    }
    const status = pipeline.machine.pipelineStatus();
    const isReopened = isCompleted(pipeline.status) && !isCompleted(status);
    if (isCompleted(status) && pipeline.status !== status) pipeline.finishedAt = at;
    if (!isCompleted(status)) delete pipeline.finishedAt;
    pipeline.status = status;
    pipeline.updatedAt = at;
    if (pipeline.upstream) this.mirror(pipeline.upstream, at, isReopened);
  }

  /** A bridge takes no runner: it starts its pipeline, and is over with that unless it mirrors it. */
  private trigger(run: JobRun, at: number): void {
    const { machine } = run.pipeline;
    if (run.status !== 'pending' || run.retried) return;
    run.startedAt = at;
    run.pipeline.startedAt ??= at;
    machine.run(run.job.name);
    this.record(run.pipeline, at);
    try {
      run.downstream = this.options.trigger(run, at);
      if (!mirrors(run)) machine.succeed(run.job.name);
    } catch (thrown) {
      if (!(thrown instanceof NotTriggered)) throw thrown;
      run.failureReason = thrown.message;
      machine.drop(run.job.name);
    }
    this.settle(run.pipeline, at);
    this.mirror(run, at, false);
  }

  /** Brings a bridge to where the pipeline that it mirrors is: over with it, and running again when that was begun again. */
  private mirror(run: JobRun, at: number, isReopened: boolean): void {
    const { pipeline, job } = run;
    const move = mirrorMove(run, isReopened);
    if (!move) return;
    delete run.failureReason;
    if (move === 'run') {
      delete run.finishedAt;
      this.unfinished.add(run);
      pipeline.machine.retry(job.name);
    } else if (move === 'drop') run.failureReason = 'unknown_failure';
    pipeline.machine[move](job.name);
    this.settle(pipeline, at);
  }

  private start(run: JobRun, name: string | undefined, at: number): void {
    const runner = this.options.runners.find(({ description }) => description === name);
    if (runner) run.runner = runner;
    run.startedAt = at;
    run.pipeline.startedAt ??= at;
    run.outcome = this.options.outcome(run);
    run.pipeline.machine.run(run.job.name);
    this.record(run.pipeline, at);
    this.at(at + run.outcome.duration * 1000, (end) => this.end(run, end));
  }

  private end(run: JobRun, at: number): void {
    if (run.status !== 'running') return;
    const { machine } = run.pipeline;
    if (run.outcome?.failure) {
      run.failureReason = run.outcome.failure;
      machine.drop(run.job.name);
    } else machine.succeed(run.job.name);
    run.finishedAt = at;
    this.options.ended(run);
    this.settle(run.pipeline, at);
  }
}
