import { useSyncExternalStore } from 'react';
import { useHost } from '../host.ts';

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

/** A value of the time, drawn again only when it is another: `useTime((now) => age(now - at))`. */
export function useTime<T extends string | number | boolean>(derive: (now: number) => T): T {
  const { clock } = useHost();
  return useSyncExternalStore(clock.subscribe, () => derive(clock.now()));
}

/** Milliseconds since the epoch, exact to `step` milliseconds, for rows whose ages are rounded at least as far. */
export function useNow(step = 60_000): number {
  return useTime((now) => Math.floor(now / step) * step);
}
