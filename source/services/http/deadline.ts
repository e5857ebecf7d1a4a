/** A time limit joined with the caller's own abort, for one call. */
export interface Deadline {
  /** Aborts at either. */
  readonly signal: AbortSignal;
  hasPassed(): boolean;
  /** Counts from now. */
  start(): void;
  stop(): void;
  /** Lets go of the caller's signal. */
  close(): void;
}

export function createDeadline(milliseconds: number, outer: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let passed = false;
  const abort = (): void => controller.abort();
  outer?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    hasPassed: () => passed,
    start() {
      clearTimeout(timer);
      timer = setTimeout(() => {
        passed = true;
        controller.abort();
      }, milliseconds);
    },
    stop() {
      clearTimeout(timer);
    },
    close() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}
