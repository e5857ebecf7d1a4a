import { fromJson } from './actionResult.ts';
import { hashOf, type Store } from './store.ts';

/** Actions of the workspace whose builds use the cache. */
const actions = 64;
/** Milliseconds of the world between two builds, and how far that strays. */
const pause = 240_000;
const stray = 120_000;

export interface TrafficClock {
  now(): number;
  at(at: number, run: () => void): () => void;
}

/**
 * Builds that come and go: each looks up all of its actions, and runs and uploads those that a change since the last
 * build touched. Most are hits; now and then a change of a toolchain makes half of them misses. Stops when called.
 */
export function startTraffic(store: Store, clock: TrafficClock): () => void {
  const random = createRandom(0x5eed);
  const revisions = Array.from({ length: actions }, () => 0);
  for (const action of revisions.keys()) upload(store, action, 0);
  let cancel = (): void => {};
  const build = (): void => {
    const touched = random() < 0.12 ? 0.5 : 0.05 + random() * 0.2;
    for (const [action, revision] of revisions.entries()) {
      const now = random() < touched ? revision + 1 : revision;
      revisions[action] = now;
      if (!store.get('ac', actionHash(action, now))) upload(store, action, now);
      else store.get('cas', hashOf(output(action, now)));
    }
    cancel = clock.at(clock.now() + pause + (random() - 0.5) * stray, build);
  };
  cancel = clock.at(clock.now() + pause / 8, build);
  return () => cancel();
}

function upload(store: Store, action: number, revision: number): void {
  const bytes = output(action, revision);
  const digest = { hash: hashOf(bytes), sizeBytes: bytes.length };
  const result = fromJson(JSON.stringify({ outputFiles: [{ path: `bazel-out/${action}.o`, digest }] }));
  store.put('cas', digest.hash, bytes);
  if (result) store.put('ac', actionHash(action, revision), result);
}

function actionHash(action: number, revision: number): string {
  return hashOf(Buffer.from(`action ${action} ${revision}`));
}

/** What an action makes: small, so that hours of builds stay small. */
function output(action: number, revision: number): Buffer {
  return Buffer.from(`output of action ${action}, revision ${revision}\n`.repeat(1 + (action % 16)));
}

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
