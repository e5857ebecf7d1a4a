/** Exit statuses as shells give them: 128 and the signal's number. */
const statuses = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export interface Endings {
  /** A signal asks the program to leave. */
  readonly leave: (status: number) => void;
  /** Something threw where nobody caught it. */
  readonly crash: (thrown: unknown) => void;
}

/** Turns signals, uncaught errors and a terminal that is gone into one orderly end; gives the way to stop listening. */
export function listenForEndings({ leave, crash }: Endings, stdout: NodeJS.WriteStream): () => void {
  const signals = Object.entries(statuses).map(([signal, status]) => [signal, () => leave(status)] as const);
  for (const [signal, listener] of signals) process.on(signal, listener);
  const onGone = (): void => leave(statuses.SIGHUP);
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  stdout.on('error', onGone);
  return () => {
    for (const [signal, listener] of signals) process.off(signal, listener);
    process.off('uncaughtException', crash);
    process.off('unhandledRejection', crash);
    stdout.off('error', onGone);
  };
}
