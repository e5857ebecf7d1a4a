import { expect, test } from 'vitest';
import { type TrialFigures, trialText } from '../../../source/core/plan/trialRun.ts';

const run: TrialFigures = {
  pipeline: 7,
  status: 'success',
  wallClock: 950,
  jobs: [{ name: 'image', status: 'success', seconds: 189, marks: ['layers from the cache'] }],
};

test('without a prediction a trial says what it took', () => {
  expect(trialText(run)).toBe(
    'pipeline #7 success in 15m 50s; image success in 3m 09s (layers from the cache)',
  );
});

test('what was predicted of a trial stands beside what it took', () => {
  expect(trialText({ ...run, expected: { before: 2_000, wallClock: 1_000, jobs: { image: 180 } } })).toBe(
    'pipeline #7 success in 15m 50s (5 % under the predicted 16m 40s); ' +
      'image success in 3m 09s (layers from the cache, 5 % over the predicted 3m 00s)',
  );
  expect(trialText({ ...run, expected: { before: 2_000, wallClock: 951, jobs: {} } })).toContain(
    'in 15m 50s (as predicted, 15m 51s);',
  );
});
