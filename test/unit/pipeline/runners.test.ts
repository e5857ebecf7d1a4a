import { expect, test } from 'vitest';
import { createRunnerPool, type RunnerSpec, takes } from '../../../source/core/pipeline/runners.ts';

const linux: RunnerSpec = { name: 'linux', tags: ['linux', 'nix'], runUntagged: false, concurrent: 1 };
const any: RunnerSpec = { name: 'any', tags: ['docker'], runUntagged: true, concurrent: 2 };

/** Jobs are numbers; the lower one is first in line. */
function pool(specs?: readonly RunnerSpec[]) {
  return createRunnerPool<number>(specs, (a, b) => a < b);
}

test('a runner takes a job when it has all of its tags, and one without tags when it is set to', () => {
  expect(takes(linux, ['linux'])).toBe(true);
  expect(takes(linux, ['nix', 'linux'])).toBe(true);
  expect(takes(linux, ['linux', 'gpu'])).toBe(false);
  expect(takes(linux, [])).toBe(false);
  expect(takes(any, [])).toBe(true);
});

test('the first in line goes first, whatever its tags', () => {
  const { queue, assign, free } = pool([linux]);
  queue(['linux'], 1);
  queue(['nix'], 2);
  queue(['linux', 'nix'], 0);
  expect(assign()).toEqual([{ item: 0, runner: 'linux', freedBy: undefined }]);
  free('linux', 0);
  expect(assign()).toEqual([{ item: 1, runner: 'linux', freedBy: 0 }]);
  free('linux', 1);
  expect(assign()).toEqual([{ item: 2, runner: 'linux', freedBy: 1 }]);
});

test('a runner takes as many as it has places, and what no runner takes stays', () => {
  const { queue, assign, free } = pool([any]);
  for (const item of [1, 2, 3]) queue([], item);
  queue(['gpu'], 4);
  expect(assign().map(({ item }) => item)).toEqual([1, 2]);
  expect(assign()).toEqual([]);
  free('any', 2);
  free('any', 1);
  expect(assign().map(({ item }) => item)).toEqual([3]);
});

test('without runners every job is taken at once', () => {
  const { queue, assign } = pool();
  queue(['gpu'], 2);
  queue([], 1);
  expect(assign().map(({ item, runner }) => [item, runner])).toEqual([
    [2, undefined],
    [1, undefined],
  ]);
});
