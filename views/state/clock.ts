/** The one clock of the screen: it looks once a second, and only those draw again whose text changed. */
export interface Clock {
  now(): number;
  subscribe(listener: () => void): () => void;
}

export function createClock(now: () => number): Clock {
  const listeners = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  return {
    now,
    subscribe(listener) {
      listeners.add(listener);
      timer ??= setInterval(() => {
        for (const each of [...listeners]) each();
      }, 1_000);
      timer.unref();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}
