import type { WorldClock } from './types.ts';

/** Longest delay that `setTimeout` takes, in milliseconds. */
const longest = 2 ** 31 - 1;

export interface ClockOptions {
  /** Seconds of the world in one second here; 60 when absent. */
  readonly speed?: number;
  /** Where the world's time starts, in milliseconds since the epoch; the real time when absent. */
  readonly startAt?: number;
}

export interface RunningClock extends WorldClock {
  /** Forgets all timers; the time itself goes on. */
  stop(): void;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** A world clock. Timers of one moment run in the order of their times; none of them keeps the process alive. */
export function createWorldClock({ speed = 60, startAt = Date.now() }: ClockOptions = {}): RunningClock {
  const timers = new Set<Timer>();
  const started = performance.now();
  let waiting: NodeJS.Timeout | undefined;
  let isStopped = false;

  const now = (): number => startAt + (performance.now() - started) * speed;
  const runDue = (): void => {
    const time = now();
    const due = [...timers].filter(({ at }) => at <= time).sort((a, b) => a.at - b.at);
    for (const timer of due) if (timers.delete(timer)) timer.run();
    schedule();
  };
  const schedule = (): void => {
    clearTimeout(waiting);
    if (timers.size === 0 || isStopped) return;
    const next = Math.min(...[...timers].map(({ at }) => at));
    const delay = Math.min(Math.max(0, Math.ceil((next - now()) / speed)), longest);
    waiting = setTimeout(runDue, delay);
    waiting.unref();
  };
  return {
    speed,
    now: () => Math.floor(now()),
    at(at, run) {
      const timer = { at, run };
      if (isStopped) return () => {};
      timers.add(timer);
      schedule();
      return () => {
        if (timers.delete(timer)) schedule();
      };
    },
    stop() {
      isStopped = true;
      clearTimeout(waiting);
      timers.clear();
    },
  };
}
