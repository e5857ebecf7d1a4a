import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changePoints } from '../../../source/core/speed/changePoints.ts';
import { amongAll } from '../../../source/core/speed/effect.ts';
import type { Effect } from '../../../source/core/speed/model.ts';
import { rankTest } from '../../../source/core/speed/rankTest.ts';
import { speedReport } from '../../../source/core/speed/report.ts';
import { noise, randomOf } from './chance.ts';
import { hour, input, noon, past } from './world.ts';

describe('the rank test', () => {
  test.each<[string, number[], number[], number]>([
    ['sides of three that do not touch', [1, 2, 3], [4, 5, 6], 2 / 20],
    ['sides of five that do not touch', [1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 2 / 252],
    // The example of R's wilcox.test (Hollander & Wolfe 1973, 69f), two-sided.
    [
      'the depression of membranes',
      [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46],
      [1.15, 0.88, 0.9, 0.74, 1.21],
      0.2544122544,
    ],
    // The example of scipy.stats.mannwhitneyu, method exact.
    ['the age at which diabetes is found', [19, 22, 16, 29, 24], [20, 11, 17, 12], 1 / 9],
    ['values that are all alike', [7, 7, 7, 7], [7, 7, 7, 7, 7], 1],
  ])('knows %s', (_, before, after, p) => {
    expect(rankTest(before, after)).toBeCloseTo(p, 8);
    expect(rankTest(after, before)).toBeCloseTo(p, 8);
  });

  test('counts ties as every way to split the values does', () => {
    const few = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(few, few, (before, after) => {
        expect(rankTest(before, after)).toBeCloseTo(byCounting(before, after), 9);
      }),
      { seed: 5 },
    );
  });

  test('beyond sixty values it is normal, and chance alone passes 5 % one time in twenty', () => {
    const random = randomOf(3);
    const passed = Array.from({ length: 600 }, () =>
      rankTest(noise(random, 40, 100), noise(random, 40, 100)),
    ).filter((p) => p < 0.05).length;
    expect(passed).toBeGreaterThan(15);
    expect(passed).toBeLessThan(48);
    expect(rankTest(new Array(40).fill(1), new Array(40).fill(1))).toBe(1);
    expect(rankTest(noise(random, 40, 100), noise(random, 40, 200))).toBeLessThan(1e-6);
  });

  test('without values there is no answer', () => {
    expect(rankTest([], [1])).toBeNaN();
  });
});

/** The p-value by going through all subsets. */
function byCounting(before: readonly number[], after: readonly number[]): number {
  const all = [...before, ...after];
  const rank = (value: number): number =>
    all.reduce((sum, other) => sum + (other < value ? 1 : other === value ? 0.5 : 0), 0.5);
  const ranks = all.map(rank);
  const middle = (before.length * (all.length + 1)) / 2;
  const away = (subset: readonly number[]): number =>
    Math.abs(subset.reduce((sum, index) => sum + (ranks[index] ?? 0), 0) - middle);
  const real = away(before.map((_, index) => index)) - 1e-9;
  let [count, far] = [0, 0];
  for (let bits = 0; bits < 2 ** all.length; bits += 1) {
    const subset = all.flatMap((_, index) => (bits & (1 << index) ? [index] : []));
    if (subset.length !== before.length) continue;
    count += 1;
    if (away(subset) >= real) far += 1;
  }
  return far / count;
}

describe('change points', () => {
  test('noise has none: at most 2 in 100 series show one', () => {
    let alarms = 0;
    for (let seed = 1; seed <= 300; seed += 1)
      if (changePoints(noise(randomOf(seed), 10 + (seed % 50), 600)).length > 0) alarms += 1;
    expect(alarms).toBeLessThanOrEqual(6);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('a shift is found where it is (seed %i)', (seed) => {
    const random = randomOf(seed);
    const points = changePoints([...noise(random, 14, 900), ...noise(random, 12, 300)]);
    expect(points).toHaveLength(1);
    expect(Math.abs((points[0] ?? 0) - 14)).toBeLessThanOrEqual(1);
  });

  test('two shifts are two, and five runs on each side are enough', () => {
    const random = randomOf(11);
    const three = [...noise(random, 15, 900), ...noise(random, 15, 300), ...noise(random, 15, 600)];
    const points = changePoints(three);
    expect(points).toHaveLength(2);
    expect(Math.abs((points[0] ?? 0) - 15)).toBeLessThanOrEqual(2);
    expect(Math.abs((points[1] ?? 0) - 30)).toBeLessThanOrEqual(2);
    expect(changePoints([10, 11, 12, 13, 14, 5, 4, 3, 2, 1])).toEqual([5]);
  });

  test('one run that hung, and fewer than ten runs, shift nothing', () => {
    expect(changePoints([10, 11, 10, 12, 11, 500, 11, 10, 12, 11, 10, 11])).toEqual([]);
    expect(changePoints([10, 10, 10, 10, 1, 1, 1, 1, 1])).toEqual([]);
    expect(changePoints([])).toEqual([]);
  });
});

describe('commits that are judged together', () => {
  test('where nothing changed, few reports show a difference, however many commits they have', () => {
    const random = randomOf(11);
    const reports = Array.from({ length: 60 }, () =>
      speedReport(
        input({
          pipelines: noise(random, 120, 900).map((seconds, index) =>
            past({
              id: index + 1,
              at: noon - (120 - index) * 6 * hour,
              jobs: [{ name: 'container:build', seconds }],
              comparison: { paths: [index % 12 === 11 ? '.gitlab-ci.yml' : 'a.py'] },
            }),
          ),
        }),
      ),
    );
    const effects = reports.map(({ changes }) =>
      changes.filter(({ source }) => source === 'commit').flatMap((change) => change.effects),
    );
    const isCalled = ({ verdict }: Effect): boolean => verdict === 'faster' || verdict === 'slower';
    expect(effects.filter((all) => all.some(({ p }) => p !== null && p < 0.05)).length).toBeGreaterThan(12);
    expect(effects.filter((all) => all.some(isCalled)).length).toBeLessThan(8);
    const passedOver = effects.flat().find(({ p, verdict }) => p !== null && p < 0.05 && verdict === 'same');
    expect(passedOver?.because).toMatch(/; not told from chance among \d+ comparisons, p = 0\.0\d\d$/);
  });

  test('the limit is that of Benjamini and Hochberg', () => {
    const of = (...ps: (number | null)[]) => amongAll(ps.map((p) => ({ p }) as Effect));
    // Their example of 1995: fifteen comparisons, of which four are called.
    const example = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
      0.759, 1,
    ];
    expect(of(...example)).toEqual({ limit: 0.0095, comparisons: 15 });
    expect(of(0.04, null)).toEqual({ limit: 0.04, comparisons: 1 });
    expect(of(0.03, 0.6)).toEqual({ limit: 0, comparisons: 2 });
    expect(of()).toEqual({ limit: 0, comparisons: 0 });
  });
});
