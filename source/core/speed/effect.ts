import { duration } from '../text/format.ts';
import { measure, neededRuns } from './measure.ts';
import type { Difference, Effect, RowId, Run } from './model.ts';
import { rankTest } from './rankTest.ts';

/** The chance of calling a difference where there is none. */
const level = 0.05;

/** Compares a row before and after a change. Says `not-yet` rather than guess. */
export function effectOf(row: RowId, before: readonly Run[], after: readonly Run[]): Effect {
  const [earlier, later] = [measure(before), measure(after)];
  const ratio = earlier && later && later.median > 0 ? earlier.median / later.median : null;
  const sides = { row, before: earlier, after: later, ratio };
  const missing = [
    before.length < neededRuns ? `${before.length} of ${neededRuns} runs before` : undefined,
    after.length < neededRuns ? `${after.length} of ${neededRuns} runs after` : undefined,
  ].filter((text) => text !== undefined);
  if (missing.length > 0 || !earlier || !later)
    return { ...sides, p: null, verdict: 'not-yet', because: `not yet: ${missing.join(', ')}` };
  const seconds = (runs: readonly Run[]): number[] => runs.map((run) => run.seconds);
  const p = rankTest(seconds(before), seconds(after));
  const moved: Difference = later.median < earlier.median ? 'faster' : 'slower';
  const verdict = p < level && later.median !== earlier.median ? moved : 'same';
  const numbers = `${duration(earlier.median)} (n=${earlier.n}) to ${duration(later.median)} (n=${later.n})`;
  const chance = `${verdict === 'same' ? 'not told from chance' : 'told from chance'}, ${pText(p)}`;
  return { ...sides, p, verdict, because: `${numbers}; ${chance}` };
}

/** `p = 0.031`, `p < 0.001`. */
function pText(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
}
