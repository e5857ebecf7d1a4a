import { useEffect, useSyncExternalStore } from 'react';

/** A part of the screen that is loaded when it is first wanted, or before in a quiet moment. */
export interface Later<T> {
  load(): Promise<void>;
  /** Undefined until it is loaded. */
  get(): T | undefined;
  subscribe(listener: () => void): () => void;
}

export function createLater<T>(load: () => Promise<T>): Later<T> {
  let loaded: T | undefined;
  let loading: Promise<void> | undefined;
  const listeners = new Set<() => void>();
  return {
    load() {
      loading ??= load().then((value) => {
        loaded = value;
        for (const listener of listeners) listener();
      });
      return loading;
    },
    get: () => loaded,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What is loaded later, asked for while it is wanted. */
export function useLater<T>(later: Later<T>, isWanted: boolean): T | undefined {
  useEffect(() => {
    if (isWanted) void later.load();
  }, [later, isWanted]);
  return useSyncExternalStore(later.subscribe, later.get);
}
