import { type FailureView, viewFailure } from '../../core/datum.ts';
import { asFailure, isAbort } from '../../core/failure.ts';
import type { PipelineJob } from '../../core/gitlab/model.ts';
import { hasEnded } from '../../core/pipeline/timing.ts';
import { TraceLog } from '../../core/trace/log.ts';
import type { GitLab } from '../gitlab/types.ts';

/** `loading`: nothing yet. `following`: the job may say more. `complete`: it will not. `failed`: the last try failed; what came stays. */
export type TraceState = 'loading' | 'following' | 'complete' | 'failed';

/** A job's log as it grows. */
export interface TraceStore {
  readonly log: TraceLog;
  state(): TraceState;
  /** The job as of the last look. */
  job(): PipelineJob | undefined;
  failure(): FailureView | undefined;
  /** Grows with every change of any of the above. */
  version(): number;
  subscribe(listener: () => void): () => void;
  /** Fetches until the job has ended or `stop`; wanted by somebody who looks at it. */
  follow(): void;
  /** Ends any request at once; what came is kept, and `follow` goes on from there. */
  stop(): void;
  /** Resolves when the log is complete, or with the failure that ended the following. */
  finished(): Promise<void>;
}

export interface TraceStoreOptions {
  readonly gitlab: Pick<GitLab, 'job' | 'trace'>;
  readonly job: number;
  /** Milliseconds between two looks at a running job, at least. */
  readonly interval?: number;
  /** Milliseconds since the epoch, by GitLab's clock. */
  readonly now: () => number;
}

const [shortest, longest] = [2_000, 60_000];
/** Milliseconds after its end in which a job's log may still grow. */
const settled = 60_000;
/** GitLab sends the log whole each time, so a long one is asked for less often: this many bytes cost a second of waiting. */
const bytesPerSecond = 500_000;
/** Several failures in a row end the following. */
const patience = 4;

/** The wait after a look at a log of `size` bytes, in milliseconds. */
export function pause(size: number, least = shortest): number {
  return Math.min(Math.max(longest, least), Math.max(least, (size / bytesPerSecond) * 1_000));
}

export function openTrace({ gitlab, job: id, interval = shortest, now }: TraceStoreOptions): TraceStore {
  const log = new TraceLog();
  const listeners = new Set<() => void>();
  let state: TraceState = 'loading';
  let job: PipelineJob | undefined;
  let failure: FailureView | undefined;
  let version = 0;
  let wasOver = false;
  let running: { abort: AbortController; ended: Promise<void> } | undefined;

  const changed = (): void => {
    version += 1;
    for (const listener of listeners) listener();
  };
  const move = (next: TraceState, why?: FailureView): void => {
    state = next;
    failure = why;
    changed();
  };

  /** One look; true when nothing more will come. The job is asked first, so that what it says after its end is read whole. */
  const look = async (signal: AbortSignal): Promise<boolean> => {
    job = await gitlab.job(id, signal);
    const before = log.size;
    for await (const bytes of await gitlab.trace(id, before, signal)) {
      signal.throwIfAborted();
      log.append(bytes);
      changed();
    }
    if (!hasEnded(job.status)) return false;
    // The runner sends its last words after the job has ended: one that ended just now is looked at until two looks see the same.
    const isOld = job.finishedAt !== undefined && now() - Date.parse(job.finishedAt) > settled;
    const isSame = wasOver && log.size === before;
    wasOver = true;
    return isOld || isSame;
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    for (let failures = 0; ; ) {
      try {
        if (await look(signal)) {
          log.complete();
          move('complete');
          return;
        }
        failures = 0;
        move('following');
      } catch (thrown) {
        if (signal.aborted || isAbort(thrown)) return;
        failures += 1;
        const problem = asFailure(thrown, `read the log of job ${id}`);
        move('failed', viewFailure(problem));
        if (problem.kind !== 'unavailable' || failures >= patience) return;
      }
      const kept = await wait(pause(log.size, interval) * 2 ** failures, signal);
      if (!kept) return;
    }
  };

  return {
    log,
    state: () => state,
    job: () => job,
    failure: () => failure,
    version: () => version,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    follow() {
      if (running || state === 'complete') return;
      const abort = new AbortController();
      const ended = run(abort.signal).finally(() => {
        if (running?.abort === abort) running = undefined;
      });
      running = { abort, ended };
    },
    stop() {
      running?.abort.abort();
      running = undefined;
    },
    finished: () => running?.ended ?? Promise.resolve(),
  };
}

/** False when it was ended early. */
function wait(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const end = (isKept: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      resolve(isKept);
    };
    const abort = (): void => end(false);
    const timer = setTimeout(() => end(true), milliseconds);
    signal.addEventListener('abort', abort, { once: true });
  });
}
