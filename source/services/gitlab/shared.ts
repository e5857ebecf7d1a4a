import { abortError } from '../http/errors.ts';

/**
 * One run of `work` for all who ask while it runs. Each may leave by its own signal; when the last has left, the work is
 * aborted.
 */
export function shareWork<T>(
  work: (signal: AbortSignal) => Promise<T>,
): (signal?: AbortSignal) => Promise<T> {
  let running:
    | { readonly result: Promise<T>; readonly controller: AbortController; waiting: number }
    | undefined;
  return async (signal) => {
    if (signal?.aborted) throw abortError(signal);
    if (!running) {
      const controller = new AbortController();
      const started = { controller, result: work(controller.signal), waiting: 0 };
      running = started;
      const forget = (): void => {
        if (running === started) running = undefined;
      };
      started.result.then(forget, forget);
    }
    const mine = running;
    mine.waiting++;
    let leave: (() => void) | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        leave = () => signal && reject(abortError(signal));
        signal?.addEventListener('abort', leave, { once: true });
        mine.result.then(resolve, reject);
      });
    } finally {
      if (leave) signal?.removeEventListener('abort', leave);
      mine.waiting--;
      if (mine.waiting === 0 && running === mine) {
        running = undefined;
        mine.controller.abort();
      }
    }
  };
}
