import type { Instance } from 'ink';

/** Milliseconds after the last change of size until everything is drawn again. */
const settled = 100;

export interface Redraw {
  /** Draws every cell again. */
  now(): void;
  stop(): void;
}

/**
 * Draws everything again when asked, and after the terminal's size has settled: Ink's incremental frames leave stale cells
 * behind when a terminal shrinks in the midst of a frame. A terminal that shrinks and grows back before Node has looked has lost
 * what it showed too, but Node tells of no change then: SIGWINCH itself does.
 */
export function createRedraw(instance: Pick<Instance, 'clear'>, stdout: NodeJS.WriteStream): Redraw {
  let timer: NodeJS.Timeout | undefined;
  let isOurs = false;
  const now = (): void => {
    instance.clear();
    stdout.write('\u001B[2J\u001B[H');
    isOurs = true;
    stdout.emit('resize');
    isOurs = false;
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(now, settled);
  };
  const onResize = (): void => {
    if (!isOurs) later();
  };
  stdout.on('resize', onResize);
  process.on('SIGWINCH', later);
  process.on('SIGCONT', now);
  return {
    now,
    stop() {
      clearTimeout(timer);
      stdout.off('resize', onResize);
      process.off('SIGWINCH', later);
      process.off('SIGCONT', now);
    },
  };
}
