import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTidy } from '../../../views/terminal/tidy.ts';

const megabyte = 2 ** 20;

let memory = 0;
let collections: number[] = [];
/** Milliseconds that a collection takes, and bytes that it leaves. */
let takes = 0;
let leaves = 0;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  memory = 60 * megabyte;
  collections = [];
  takes = 40;
  leaves = 50 * megabyte;
});
afterEach(() => vi.useRealTimers());

const tidy = () =>
  createTidy({
    now: () => Date.now(),
    memory: () => memory,
    collect: () => {
      collections.push(Date.now());
      vi.setSystemTime(Date.now() + takes);
      memory = leaves;
    },
  });

test('memory is given back when no frame came for a while, not between frames', () => {
  const { stir } = tidy();
  for (let frame = 0; frame < 10; frame += 1) {
    stir();
    vi.advanceTimersByTime(1_000);
    expect(collections).toEqual([]);
  }
  vi.advanceTimersByTime(500);
  expect(collections).toEqual([10_500]);
});

test('without a frame nothing is looked at again', () => {
  const { stir } = tidy();
  stir();
  vi.advanceTimersByTime(60_000);
  expect(collections).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('it is worth a pause only where much came since the last time', () => {
  const { stir } = tidy();
  stir();
  vi.advanceTimersByTime(60_000);
  memory = leaves + 3 * megabyte;
  stir();
  vi.advanceTimersByTime(60_000);
  expect(collections).toHaveLength(1);
  memory = leaves + 5 * megabyte;
  stir();
  vi.advanceTimersByTime(60_000);
  expect(collections).toHaveLength(2);
});

test('long pauses are rare: one part in two hundred of the time', () => {
  takes = 200;
  const { stir } = tidy();
  const end = Date.now() + 10 * 60_000;
  while (Date.now() < end) {
    memory = leaves + 100 * megabyte;
    stir();
    vi.advanceTimersByTime(2_000);
  }
  expect(collections.length).toBeGreaterThan(10);
  expect(collections.length * takes * 200).toBeLessThanOrEqual(10 * 60_000 + takes * 200);
});

test('after the screen nothing is collected', () => {
  const { stir, stop } = tidy();
  stir();
  stop();
  vi.advanceTimersByTime(60_000);
  expect(collections).toEqual([]);
});

test('Node itself collects: what nobody holds is gone', async () => {
  vi.useRealTimers();
  const gone = vi.fn();
  const registry = new FinalizationRegistry(gone);
  (() => registry.register({ large: new Array(1_000).fill(0) }, undefined))();
  const { stir, stop } = createTidy();
  stir();
  await vi.waitFor(() => expect(gone).toHaveBeenCalled(), 10_000);
  stop();
});
