/** Milliseconds in which a stop must have taken place; it does not where no shell could continue the program. */
const patience = 300;

/** Stops this process group as Ctrl-Z does outside of raw mode; resolves when it goes on. */
export function stopUntilContinued(): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      clearTimeout(timer);
      process.off('SIGCONT', go);
      resolve();
    };
    const timer = setTimeout(go, patience);
    process.on('SIGCONT', go);
    process.kill(0, 'SIGTSTP');
  });
}
