import { QueryClient } from '@tanstack/query-core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createPoller, type Poller } from '../../source/monitor/poller.ts';
import type { SourceDefinition } from '../../source/monitor/source.ts';

function start<T>(definition: SourceDefinition<T>): Poller<T> {
  const poller = createPoller<T>({
    client: new QueryClient(),
    name: 'source',
    definition,
    onChange: () => {},
    random: Math.random,
  });
  onTestFinished(() => poller.stop());
  return poller;
}

/** Counts its fetches; waits in `milliseconds` of a faked clock. */
function counted(shown: number, hidden?: number) {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  let fetches = 0;
  const poller = start({
    shown,
    ...(hidden === undefined ? {} : { hidden }),
    fetch: async () => {
      fetches += 1;
      return fetches;
    },
  });
  return { poller, fetches: () => fetches, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) };
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
