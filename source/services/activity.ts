/** One thing that the program does outside itself: a request, a remote or local command, a write. */
export interface ActivityEvent {
  readonly id: number;
  /** Milliseconds since the epoch when it began. */
  readonly at: number;
  readonly kind: 'http' | 'ssh' | 'process' | 'write';
  readonly title: string;
  readonly state: 'running' | 'done' | 'failed';
  /** Milliseconds, once it has ended. */
  readonly took?: number;
  readonly result?: string;
}

/** The latest activities, redacted, for the Activity screen; the journal keeps the writes. */
export interface Activity {
  begin(kind: ActivityEvent['kind'], title: string): { end(result: string, failed?: boolean): void };
  /** Newest last; the same array until something changes. */
  list(): readonly ActivityEvent[];
  subscribe(listener: () => void): () => void;
}

export interface ActivityOptions {
  readonly now: () => number;
  readonly redact: (text: string) => string;
  /** How many are kept. */
  readonly keep?: number;
}

export function createActivity({ now, redact, keep = 500 }: ActivityOptions): Activity {
  let events: readonly ActivityEvent[] = [];
  let next = 1;
  const listeners = new Set<() => void>();
  const publish = (list: readonly ActivityEvent[]): void => {
    events = list.slice(-keep);
    for (const listener of listeners) listener();
  };
  return {
    begin(kind, title) {
      const started: ActivityEvent = { id: next++, at: now(), kind, title: redact(title), state: 'running' };
      publish([...events, started]);
      return {
        end(result, failed = false) {
          const ended: ActivityEvent = {
            ...started,
            state: failed ? 'failed' : 'done',
            took: now() - started.at,
            result: redact(result),
          };
          publish(events.map((event) => (event.id === started.id ? ended : event)));
        },
      };
    },
    list: () => events,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
