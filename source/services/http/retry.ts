import { setTimeout as wait } from 'node:timers/promises';
import { Unavailable } from '../../core/failure.ts';
import { abortError } from './errors.ts';

export interface RetryOptions {
  readonly signal: AbortSignal | undefined;
  /** From 0 to 1, for the jitter. */
  readonly random: () => number;
}

const tries = 3;
const base = 300;
/** Milliseconds that are worth waiting for within one call; who must wait longer is told when. */
const longest = 10_000;

/** A timeout has already cost its time, and a name or certificate does not mend itself. */
const passing: ReadonlySet<string> = new Set([
  'refused',
  'unreachable',
  'reset',
  'rate-limited',
  'server-error',
]);

/** Tries a read again when what stopped it may pass, with growing, jittered pauses, or when the server said. */
export async function withRetries<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (thrown) {
      if (!(thrown instanceof Unavailable) || !passing.has(thrown.code) || count === tries) throw thrown;
      const pause = thrown.retryAfter ?? base * 2 ** (count - 1) * (0.5 + options.random());
      if (pause > longest) throw thrown;
      await sleep(pause, options.signal);
    }
  }
}

async function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await wait(milliseconds, undefined, signal ? { signal } : {});
  } catch (thrown) {
    throw signal?.aborted ? abortError(signal) : thrown;
  }
}
