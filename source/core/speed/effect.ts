import { counted, duration } from '../text/format.ts';
import { measure, neededRuns } from './measure.ts';
import type { Difference, Effect, RowId, Run } from './model.ts';
import { rankTest } from './rankTest.ts';

/** The chance of calling a difference where there is none. */
const level = 0.05;

/** What else was compared, when one difference is judged among several: the more there are, the more often chance alone makes one. */
export interface Among {
  /** The largest p that is still told from chance. */
  readonly limit: number;
  readonly comparisons: number;
}

/** Compares a row before and after a change. Says `not-yet` rather than guess. */
export function effectOf(row: RowId, before: readonly Run[], after: readonly Run[], among?: Among): Effect {
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
  const isTold = p < level && (!among || p <= among.limit);
  const verdict = isTold && later.median !== earlier.median ? moved : 'same';
  const numbers = `${duration(earlier.median)} (n=${earlier.n}) to ${duration(later.median)} (n=${later.n})`;
  const which = !isTold && p < level && among ? ` among ${counted(among.comparisons, 'comparison')}` : '';
  const chance = `${verdict === 'same' ? 'not told from chance' : 'told from chance'}${which}, ${pText(p)}`;
  return { ...sides, p, verdict, because: `${numbers}; ${chance}` };
}

/**
 * The limit for differences that are judged together, by Benjamini and Hochberg: of those that are called, one in twenty is chance;
 * where none is real, one is called in one report of twenty.
 */
export function amongAll(effects: readonly Effect[]): Among {
  const all = effects.flatMap(({ p }) => p ?? []).sort((a, b) => a - b);
  const limit = all.findLast((p, index) => p <= (level * (index + 1)) / all.length) ?? 0;
  return { limit, comparisons: all.length };
}

/** `p = 0.031`, `p < 0.001`. */
function pText(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
}
