import { useCallback, useEffect, useRef } from 'react';
import { type Datum, viewFailure } from '../../source/core/datum.ts';
import { asFailure, isAbort } from '../../source/core/failure.ts';
import type { SpeedReport } from '../../source/core/speed/model.ts';
import type { Snapshot } from '../../source/monitor/snapshot.ts';
import type { Workspace } from '../../source/services/workspace.ts';
import { type Host, useHost } from '../host.ts';
import { createStore, type Store, useSlice } from '../state/store.ts';

/** Days that are looked back. */
const days = 30;
/** Milliseconds between two looks while the screen is open. */
const interval = 60_000;

interface SpeedState {
  readonly datum: Datum<SpeedReport>;
  readonly isReading: boolean;
}

/** The report stays when the screen is closed: the next time it is there at once, marked with its age. */
const stores = new WeakMap<Workspace, Store<SpeedState>>();

/** The report that was read last, where one was. */
export function lastReport(workspace: Workspace): SpeedReport | undefined {
  return stores.get(workspace)?.get().datum.value;
}

function storeOf({ workspace }: Host): Store<SpeedState> {
  const known = stores.get(workspace);
  if (known) return known;
  const { gitlab } = workspace;
  const datum: Datum<SpeedReport> =
    'off' in gitlab ? { state: 'off', off: gitlab.off } : { state: 'loading' };
  const store = createStore<SpeedState>({ datum, isReading: false });
  stores.set(workspace, store);
  return store;
}

/** Reads pipelines while the component is on the screen, now and then again; what was read stays when a later look fails. */
export function useSpeed(snapshot: Snapshot): SpeedState & { readonly refresh: () => void } {
  const host = useHost();
  const store = storeOf(host);
  const state = useSlice(store, (whole) => whole);
  const seen = useRef(snapshot);
  seen.current = snapshot;
  const isReady = snapshot.checkout.state !== 'loading' && snapshot.project.state !== 'loading';
  const abort = useRef<AbortController>(undefined);
  const refresh = useCallback(() => {
    if (store.get().isReading || store.get().datum.state === 'off') return;
    const controller = new AbortController();
    abort.current = controller;
    void read(host, store, () => seen.current, controller.signal);
  }, [host, store]);
  useEffect(() => {
    if (!isReady) return;
    refresh();
    const timer = setInterval(refresh, interval);
    return () => {
      clearInterval(timer);
      abort.current?.abort();
      store.set({ isReading: false });
    };
  }, [isReady, refresh, store]);
  return { ...state, refresh };
}

async function read(
  { workspace }: Host,
  store: Store<SpeedState>,
  seen: () => Snapshot,
  signal: AbortSignal,
): Promise<void> {
  store.set({ isReading: true });
  try {
    const { readSpeed } = await import('../../source/monitor/speed.ts');
    const value = await readSpeed(workspace, seen(), { days }, signal);
    if (!signal.aborted)
      store.set({ isReading: false, datum: { state: 'fresh', value, fetchedAt: workspace.now() } });
  } catch (thrown) {
    if (signal.aborted || isAbort(thrown)) return;
    const failure = viewFailure(asFailure(thrown, 'measure pipelines'));
    const { value, fetchedAt } = store.get().datum;
    const kept = value === undefined || fetchedAt === undefined ? undefined : { value, fetchedAt };
    store.set({
      isReading: false,
      datum: kept ? { state: 'stale', ...kept, failure } : { state: 'failed', failure },
    });
  }
}
