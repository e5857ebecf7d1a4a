import type { When } from '../ci/model.ts';
import { compositeStatus, isCompleted, type JobStatus, startStatus } from './status.ts';

/** A job as the state machine needs it. */
export interface MachineJob {
  readonly name: string;
  readonly stage: string;
  /** Null is stage order. */
  readonly needs: readonly string[] | null;
  readonly when: When;
  readonly allowFailure: boolean;
}

export interface MachineOptions {
  /** `workflow:auto_cancel:on_job_failure: all`. */
  readonly cancelOnFailure?: boolean;
}

const cancelable: ReadonlySet<JobStatus> = new Set(['created', 'pending', 'running', 'scheduled']);

interface State extends MachineJob {
  readonly stageIndex: number;
  status: JobStatus;
}

/**
 * How the states of a pipeline's jobs move, by the rules of GitLab's `AtomicProcessingService`. `stages` are in order.
 * A job that may start is pending until `run`, `success` or `drop` moves it.
 */
export class PipelineMachine {
  private readonly states: State[];
  private readonly byName: Map<string, State>;
  private readonly stages: readonly string[];
  private readonly options: MachineOptions;
  private whole: JobStatus = 'created';
  private readonly stageStatuses = new Map<string, JobStatus>();

  constructor(stages: readonly string[], jobs: readonly MachineJob[], options: MachineOptions = {}) {
    this.stages = stages;
    this.options = options;
    this.states = jobs
      .map((job): State => ({ ...job, stageIndex: stages.indexOf(job.stage), status: 'created' }))
      .sort((a, b) => a.stageIndex - b.stageIndex);
    this.byName = new Map(this.states.map((state) => [state.name, state]));
    this.process();
  }

  status(name: string): JobStatus | undefined {
    return this.byName.get(name)?.status;
  }

  pipelineStatus(): JobStatus {
    return this.whole;
  }

  stageStatus(stage: string): JobStatus {
    return this.stageStatuses.get(stage) ?? 'success';
  }

  run(name: string): void {
    this.move(name, 'running');
  }

  succeed(name: string): void {
    this.move(name, 'success');
  }

  drop(name: string): void {
    this.move(name, 'failed');
    if (this.options.cancelOnFailure && !this.byName.get(name)?.allowFailure) this.cancelAll();
  }

  cancel(name: string): void {
    this.move(name, 'canceled');
  }

  cancelAll(): void {
    for (const state of this.states) if (cancelable.has(state.status)) state.status = 'canceled';
    this.process();
  }

  /** Starts a manual job by hand; what was skipped behind it is created again. */
  play(name: string): void {
    this.restart(name);
  }

  /** A new attempt of a finished job. */
  retry(name: string): void {
    this.restart(name);
  }

  /** New attempts of every failed or canceled job, and of what was skipped for them. */
  retryAll(): void {
    for (const state of this.states) {
      if (['failed', 'canceled', 'skipped'].includes(state.status)) state.status = 'created';
    }
    this.process();
  }

  private restart(name: string): void {
    const job = this.find(name);
    job.status = 'pending';
    for (const state of this.dependants(job)) if (state.status === 'skipped') state.status = 'created';
    this.process();
  }

  /** Jobs of later stages, and those that need the job, over any number of steps. */
  private dependants(job: State): Set<State> {
    const found = new Set(this.states.filter((state) => state.stageIndex > job.stageIndex));
    const names = new Set([job.name]);
    for (let before = -1; before !== names.size; ) {
      before = names.size;
      for (const state of this.states) {
        if (!state.needs?.some((need) => names.has(need))) continue;
        names.add(state.name);
        found.add(state);
      }
    }
    return found;
  }

  private move(name: string, status: JobStatus): void {
    this.find(name).status = status;
    this.process();
  }

  private find(name: string): State {
    const state = this.byName.get(name);
    if (!state) throw new RangeError(`no job ${name} in the pipeline`);
    return state;
  }

  private process(): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const state of this.states) {
        if (state.status !== 'created') continue;
        const previous = this.previousStatus(state);
        if (!isCompleted(previous)) continue;
        state.status = startStatus(state.when, previous, state.needs !== null);
        moved = true;
      }
    }
    this.updateStages();
    this.updateWhole();
  }

  /** No transition leads back to created, so a stage keeps its status while its jobs are created again. */
  private updateStages(): void {
    for (const [index, stage] of this.stages.entries()) {
      const status = compositeStatus(this.states.filter(({ stageIndex }) => stageIndex === index));
      if (status !== 'created' || !this.stageStatuses.has(stage)) this.stageStatuses.set(stage, status);
    }
  }

  /** A pipeline that has run is never pending again, only running (the transitions of GitLab's `Ci::Pipeline`). */
  private updateWhole(): void {
    const status = compositeStatus(this.states);
    const hasRun = ['running', 'success', 'failed', 'canceled'].includes(this.whole);
    this.whole = status === 'pending' && hasRun ? 'running' : status;
  }

  private previousStatus({ needs, stageIndex }: State): JobStatus {
    if (!needs) return compositeStatus(this.states.filter((state) => state.stageIndex < stageIndex));
    return compositeStatus(
      needs.flatMap((name) => this.byName.get(name) ?? []),
      true,
    );
  }
}
