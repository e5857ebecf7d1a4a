import { trialText } from '../plan/trialRun.ts';
import { predictionTexts } from './judged.ts';
import type { Change } from './model.ts';

/** What was predicted of a change, what its trial took, and what was measured since; a line each, with no marks of a format. */
export function predictionLines({
  predicted = [],
  tried = [],
}: Pick<Change, 'predicted' | 'tried'>): string[] {
  return [
    ...tried.map((run) => `tried: ${trialText(run)}`),
    ...predicted.flatMap((one) => {
      const texts = predictionTexts(one);
      return [`predicted: ${texts.predicted}`, `measured, ${one.event}: ${texts.measured}`];
    }),
  ];
}
