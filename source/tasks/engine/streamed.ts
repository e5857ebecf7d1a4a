/**
 * Runs `work` and yields what it emits, as it comes; gives what it gives, throws what it throws. A consumer that leaves early
 * waits until the work has ended.
 */
export async function* streamed<E, T>(
  work: (emit: (event: E) => void) => Promise<T>,
): AsyncGenerator<E, T, void> {
  const events: E[] = [];
  let wake = (): void => {};
  let isOver = false;
  const running = work((event) => {
    events.push(event);
    wake();
  }).finally(() => {
    isOver = true;
    wake();
  });
  running.catch(() => {});
  try {
    for (;;) {
      const next = events.shift();
      if (next !== undefined) yield next;
      else if (isOver) return await running;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    await running.catch(() => {});
  }
}
