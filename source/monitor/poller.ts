import { environmentManager, type QueryClient, QueryObserver } from '@tanstack/query-core';
import type { Datum } from '../core/datum.ts';
import { viewFailure } from '../core/datum.ts';
import { asFailure } from '../core/failure.ts';
import { nextFetch, type SourceDefinition } from './source.ts';

// Without a `window` it takes Node for a server that renders once, and polls nothing.
environmentManager.setIsServer(() => false);

/** What one poller remembers of an earlier run. */
export interface Remembered<T> {
  readonly value: T;
  /** Milliseconds since the epoch. */
  readonly fetchedAt: number;
}

export interface PollerOptions<T> {
  readonly client: QueryClient;
  readonly name: string;
  readonly definition: SourceDefinition<T>;
  readonly remembered?: Remembered<T>;
  readonly onChange: () => void;
  readonly random: () => number;
}

/** One source, polled while it is wanted. Fetches never overlap; a value stays when a later fetch fails. */
export interface Poller<T> {
  datum(): Datum<T>;
  /** `shown`, `hidden` or `rest`: how often to fetch. */
  want(how: 'shown' | 'hidden' | 'rest'): void;
  /** Fetches now; resolves when there is an answer or a failure. */
  refresh(): Promise<void>;
  /** Forgets the value, as when another thing is looked at. */
  reset(): void;
  stop(): void;
}

/** Polls a source with TanStack Query: cancellation, structural sharing and staleness are its work. */
export function createPoller<T>(options: PollerOptions<T>): Poller<T> {
  const { client, name, definition, remembered, onChange, random } = options;
  const queryKey = [name];
  let failures = 0;
  let isOwn = false;
  // Drawn once a fetch: an interval that changes whenever it is asked for would start again each time.
  let jitter = random();
  const intervalOf = (how: 'shown' | 'hidden' | 'rest'): number | undefined => {
    if (how === 'rest') return undefined;
    if (how === 'hidden') return definition.hidden;
    const { shown } = definition;
    return typeof shown === 'number' ? shown : shown(client.getQueryData<T>(queryKey));
  };
  const optionsFor = (how: 'shown' | 'hidden' | 'rest') => ({
    queryKey,
    queryFn: async ({ signal }: { signal: AbortSignal }): Promise<T> => {
      try {
        const value = await definition.fetch(signal, client.getQueryData<T>(queryKey));
        failures = 0;
        isOwn = true;
        return value;
      } catch (thrown) {
        if (!signal.aborted) failures += 1;
        throw thrown;
      } finally {
        jitter = random();
      }
    },
    enabled: definition.off === undefined && intervalOf(how) !== undefined,
    refetchInterval: () => {
      const interval = intervalOf(how);
      return interval === undefined ? (false as const) : nextFetch(interval, failures, jitter);
    },
    refetchIntervalInBackground: true,
    retry: false,
    gcTime: Number.POSITIVE_INFINITY,
    staleTime: 1_000,
    networkMode: 'always' as const,
    structuralSharing: definition.isPlain !== false,
  });
  if (remembered) client.setQueryData<T>(queryKey, remembered.value, { updatedAt: remembered.fetchedAt });
  const observer = new QueryObserver<T>(client, optionsFor('rest'));
  let unsubscribe: (() => void) | undefined;
  let last: Datum<T> | undefined;
  return {
    datum() {
      const next = read();
      if (!last || !isSame(last, next)) last = next;
      return last;
    },
    want(how) {
      observer.setOptions(optionsFor(how));
      unsubscribe ??= observer.subscribe(onChange);
    },
    async refresh() {
      if (definition.off !== undefined) return;
      await observer.refetch({ cancelRefetch: false });
      onChange();
    },
    reset() {
      failures = 0;
      isOwn = false;
      void client.cancelQueries({ queryKey });
      client.getQueryCache().find({ queryKey })?.reset();
    },
    stop() {
      unsubscribe?.();
      observer.destroy();
      void client.cancelQueries({ queryKey });
    },
  };

  function read(): Datum<T> {
    if (definition.off !== undefined) return { state: 'off', off: definition.off };
    const state = client.getQueryState<T>(queryKey);
    const failure = state?.error ? viewFailure(asFailure(state.error, `look at ${name}`)) : undefined;
    if (state?.data === undefined) return failure ? { state: 'failed', failure } : { state: 'loading' };
    const value = { value: state.data, fetchedAt: state.dataUpdatedAt };
    if (failure) return { state: 'stale', ...value, failure };
    return { state: isOwn ? 'fresh' : 'stale', ...value };
  }
}

function isSame<T>(a: Datum<T>, b: Datum<T>): boolean {
  return (
    a.state === b.state &&
    a.value === b.value &&
    a.fetchedAt === b.fetchedAt &&
    a.failure?.saw === b.failure?.saw &&
    a.failure?.tried === b.failure?.tried
  );
}
