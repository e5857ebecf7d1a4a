import { useCallback, useEffect, useSyncExternalStore } from 'react';

/** Something that grows for as long as somebody follows it, such as a log. */
export interface Followed {
  follow(): void;
  stop(): void;
  subscribe(listener: () => void): () => void;
  /** Another number after each change. */
  version(): number;
}

/** It is drawn again at most so often, in milliseconds, however fast it grows. */
const pace = 250;

/** Follows a store while it is on the screen, and draws again as it grows. */
export function useFollowed(store: Followed | undefined): void {
  useEffect(() => {
    store?.follow();
    return () => store?.stop();
  }, [store]);
  const subscribe = useCallback(
    (listener: () => void) => {
      if (!store) return () => {};
      let timer: NodeJS.Timeout | undefined;
      const leave = store.subscribe(() => {
        timer ??= setTimeout(() => {
          timer = undefined;
          listener();
        }, pace);
      });
      return () => {
        leave();
        clearTimeout(timer);
      };
    },
    [store],
  );
  useSyncExternalStore(subscribe, () => store?.version() ?? 0);
}
