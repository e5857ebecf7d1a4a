import { Unavailable } from '../../core/failure.ts';
import type { Connection } from './connect.ts';

/** One connection that all commands share; it is opened when it is wanted and opened anew when it was lost. */
export interface Session {
  get(signal?: AbortSignal): Promise<Connection>;
  close(): void;
}

export function createSession(
  destination: string,
  open: (signal: AbortSignal) => Promise<Connection>,
): Session {
  let current: Connection | undefined;
  let opening: { promise: Promise<Connection>; stop: AbortController; waiting: number } | undefined;
  let closed = false;

  const start = () => {
    const stop = new AbortController();
    const mine = { promise: open(stop.signal), stop, waiting: 0 };
    opening = mine;
    const done = (): void => {
      if (opening === mine) opening = undefined;
    };
    mine.promise.then((connection) => {
      done();
      if (closed || stop.signal.aborted) connection.close();
      else current = connection;
    }, done);
    return mine;
  };

  return {
    async get(signal) {
      signal?.throwIfAborted();
      if (closed) throw closedFailure(destination);
      if (current && !current.isLost()) return current;
      const mine = opening ?? start();
      mine.waiting += 1;
      try {
        return await orAbort(mine.promise, signal);
      } finally {
        mine.waiting -= 1;
        // Connecting goes on while anyone waits for it, and no longer.
        if (mine.waiting === 0 && opening === mine) {
          opening = undefined;
          mine.stop.abort(signal?.reason);
        }
      }
    },
    close() {
      closed = true;
      opening?.stop.abort(closedFailure(destination));
      current?.close();
    },
  };
}

function orAbort<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function closedFailure(destination: string): Unavailable {
  return new Unavailable({
    tried: `connect to ${destination}`,
    saw: 'the session was closed by this program',
    next: ['Open it again.'],
    code: 'closed',
  });
}
