/** Runs at most so many things at once; the others wait in order. */
export interface Limiter {
  run<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>;
  running(): number;
  /** From now on at most so many, at least one. */
  lower(limit: number): void;
}

export function createLimiter(atFirst: number): Limiter {
  let limit = atFirst;
  let running = 0;
  const waiting: (() => void)[] = [];
  const next = (): void => {
    while (running < limit && waiting.length > 0) {
      running += 1;
      waiting.shift()?.();
    }
  };
  const turn = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const start = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        waiting.splice(waiting.indexOf(start), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      waiting.push(start);
      next();
    });
  return {
    async run(signal, work) {
      await turn(signal);
      try {
        return await work();
      } finally {
        running -= 1;
        next();
      }
    },
    running: () => running,
    lower(to) {
      limit = Math.max(1, Math.min(limit, to));
    },
  };
}
