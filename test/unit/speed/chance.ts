/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Durations as pipelines have them: around a level, with a long tail and now and then one that hung. */
export function noise(random: () => number, count: number, level: number): number[] {
  return Array.from({ length: count }, () => {
    const usual = level * (0.9 + 0.2 * random() + 0.1 * random() ** 4);
    return random() < 0.05 ? usual * 3 : usual;
  });
}
