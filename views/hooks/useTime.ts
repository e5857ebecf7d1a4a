import { useSyncExternalStore } from 'react';
import { useHost } from '../host.ts';

/** A value of the time, drawn again only when it is another: `useTime((now) => age(now - at))`. */
export function useTime<T extends string | number | boolean>(derive: (now: number) => T): T {
  const { clock } = useHost();
  return useSyncExternalStore(clock.subscribe, () => derive(clock.now()));
}

/** Milliseconds since the epoch, exact to `step` milliseconds, for rows whose ages are rounded at least as far. */
export function useNow(step = 60_000): number {
  return useTime((now) => Math.floor(now / step) * step);
}
