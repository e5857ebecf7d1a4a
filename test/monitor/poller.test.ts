import { QueryClient } from '@tanstack/query-core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createPoller, type Poller, type Remembered } from '../../source/monitor/poller.ts';
import type { SourceDefinition } from '../../source/monitor/source.ts';

/** The random number that makes no jitter. */
const noJitter = 0.5;

function start<T>(
  definition: SourceDefinition<T>,
  remembered?: Remembered<T>,
  random = Math.random,
): Poller<T> {
  const poller = createPoller<T>({
    client: new QueryClient(),
    name: 'source',
    definition,
    ...(remembered ? { remembered } : {}),
    onChange: () => {},
    random,
  });
  onTestFinished(() => poller.stop());
  return poller;
}

function fakeClock(): (ms: number) => Promise<unknown> {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  return (ms) => vi.advanceTimersByTimeAsync(ms);
}

/** A source that answers as the test says, fetch by fetch. */
function scripted(remembered?: Remembered<string>) {
  const pass = fakeClock();
  const asked: { answer: (value: string) => void; fail: (saw: string) => void; signal: AbortSignal }[] = [];
  const fetch = (signal: AbortSignal): Promise<string> =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      asked.push({ answer: resolve, fail: (saw) => reject(new Error(saw)), signal });
    });
  const poller = start({ shown: 10_000, fetch }, remembered, () => noJitter);
  return { poller, asked, pass };
}

/** Counts its fetches; waits in `milliseconds` of a faked clock. */
function counted(shown: number, hidden?: number) {
  const pass = fakeClock();
  let fetches = 0;
  const poller = start({
    shown,
    ...(hidden === undefined ? {} : { hidden }),
    fetch: async () => {
      fetches += 1;
      return fetches;
    },
  });
  return { poller, fetches: () => fetches, pass };
}

test('a source that is shown is fetched again and again, one that rests is not', async () => {
  const { poller, fetches, pass } = counted(20_000);
  poller.want('shown');
  await pass(0);
  expect(fetches()).toBe(1);
  await pass(100_000);
  expect(fetches()).toBeGreaterThanOrEqual(5);
  expect(fetches()).toBeLessThanOrEqual(7);
  expect(poller.datum().value).toBe(fetches());
  poller.want('hidden');
  const before = fetches();
  await pass(100_000);
  expect(fetches()).toBe(before);
});

test('saying again what is wanted neither asks at once nor starts the interval again', async () => {
  const { poller, fetches, pass } = counted(20_000);
  poller.want('shown');
  await pass(0);
  for (let second = 0; second < 60; second += 1) {
    await pass(1_000);
    poller.want('shown');
  }
  expect(fetches()).toBeGreaterThanOrEqual(3);
  expect(fetches()).toBeLessThanOrEqual(5);
});

test('what is hidden is asked less often', async () => {
  const { poller, fetches, pass } = counted(10_000, 60_000);
  poller.want('hidden');
  await pass(0);
  await pass(60_000 * 5);
  expect(fetches()).toBeGreaterThanOrEqual(5);
  expect(fetches()).toBeLessThanOrEqual(7);
});

test('what an earlier run knew is stale until this one has an answer', async () => {
  const { poller, asked, pass } = scripted({ value: 'before', fetchedAt: 1 });
  poller.want('shown');
  await pass(0);
  expect(poller.datum()).toEqual({ state: 'stale', value: 'before', fetchedAt: 1 });
  asked[0]?.answer('now');
  await pass(0);
  expect(poller.datum()).toMatchObject({ state: 'fresh', value: 'now' });
});

test('a value stays when a later fetch fails, and says why it is stale; each failure doubles the pause', async () => {
  const { poller, asked, pass } = scripted();
  poller.want('shown');
  await pass(0);
  expect(poller.datum()).toEqual({ state: 'loading' });
  asked[0]?.answer('value');
  await pass(10_000);
  asked[1]?.fail('gone');
  await pass(0);
  expect(poller.datum()).toMatchObject({
    state: 'stale',
    value: 'value',
    failure: { saw: expect.stringContaining('gone') },
  });
  await pass(19_999);
  expect(asked).toHaveLength(2);
  await pass(1);
  asked[2]?.fail('gone');
  await pass(39_999);
  expect(asked).toHaveLength(3);
  await pass(1);
  asked[3]?.answer('back');
  await pass(10_000);
  expect(poller.datum()).toMatchObject({ state: 'fresh', value: 'back' });
  expect(asked).toHaveLength(5);
});

test('fetches never overlap: who asks meanwhile gets the answer that is on its way', async () => {
  const { poller, asked, pass } = scripted();
  poller.want('shown');
  await pass(0);
  for (const [index, value] of ['first', 'second'].entries()) {
    const refreshed = Promise.all([poller.refresh(), poller.refresh()]);
    await pass(60_000);
    expect(asked).toHaveLength(index + 1);
    asked[index]?.answer(value);
    await refreshed;
    expect(asked[index]?.signal.aborted).toBe(false);
    expect(poller.datum()).toMatchObject({ value });
  }
});

test('reset forgets the value and stops its fetch, which counts as no failure', async () => {
  const { poller, asked, pass } = scripted({ value: 'of another project', fetchedAt: 1 });
  poller.want('shown');
  await pass(0);
  poller.reset();
  await pass(0);
  expect(asked[0]?.signal.aborted).toBe(true);
  expect(poller.datum()).toEqual({ state: 'loading' });
  await pass(10_000);
  expect(asked).toHaveLength(2);
});

test('after reset an old failure slows nothing, and an old answer of ours is not fresh', async () => {
  const { poller, asked, pass } = scripted();
  poller.want('shown');
  await pass(0);
  asked[0]?.answer('value');
  await pass(10_000);
  asked[1]?.fail('gone');
  await pass(0);
  poller.reset();
  await pass(10_000);
  expect(asked).toHaveLength(3);
  expect(poller.datum()).toEqual({ state: 'loading' });
});

test('a source that is off is never asked, and says what to set', async () => {
  const pass = fakeClock();
  const fetch = vi.fn(async () => 'value');
  const poller = start({ off: 'Name it with --attic.', shown: 1_000, fetch });
  poller.want('shown');
  await poller.refresh();
  await pass(60_000);
  expect(fetch).not.toHaveBeenCalled();
  expect(poller.datum()).toEqual({ state: 'off', off: 'Name it with --attic.' });
});
