/** Milliseconds without a frame after which nobody waits for one. */
const rest = 1_500;
/** Bytes that came since the last collection and make another one worth its while. */
const worth = 4 * 2 ** 20;
/** A collection holds the screen up: they take no more than one part in so many of the time. */
const share = 200;

export interface Tidy {
  /** A frame was drawn. */
  stir(): void;
  stop(): void;
}

/** What is looked at and done, replaceable for tests: milliseconds, bytes, and the collection itself. */
export interface TidyHands {
  now(): number;
  memory(): number;
  collect(): void;
}

/**
 * Gives memory back while nobody waits for a frame. V8 collects when its heap has grown by a share, and keeps most pages of what
 * it frees: a screen that is asked for hours would hold what its busiest minute took.
 */
export function createTidy({ now, memory, collect }: TidyHands = real): Tidy {
  let timer: NodeJS.Timeout | undefined;
  let stirred = 0;
  let kept = 0;
  let notBefore = 0;
  const look = (): void => {
    timer = undefined;
    const start = now();
    const wait = Math.max(stirred + rest, notBefore) - start;
    if (wait > 0) later(wait);
    else if (memory() - kept >= worth) {
      collect();
      const end = now();
      kept = memory();
      notBefore = end + (end - start) * share;
    }
  };
  const later = (milliseconds: number): void => {
    timer = setTimeout(look, milliseconds);
    timer.unref();
  };
  return {
    stir() {
      stirred = now();
      if (!timer) later(rest);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}

const real: TidyHands = {
  now: () => performance.now(),
  memory: () => process.memoryUsage.rss(),
  collect: collectAll,
};

/** Node has no other way to ask V8 for all that can be freed. The modules are loaded where they are first needed: at rest. */
function collectAll(): void {
  process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
  const collect: unknown = process.getBuiltinModule('node:vm').runInNewContext('gc');
  if (typeof collect === 'function') collect({ type: 'major', flavor: 'last-resort' });
}
