import type { JournalEntry } from '../../core/change.ts';

/**
 * What the journal says of a step. `begun` and `undo-begun` have an intent and no result, or a result that failed: what came of
 * them has to be looked at.
 */
export interface StepHistory {
  readonly state: 'none' | 'begun' | 'done' | 'undo-begun' | 'undone';
  /** The last entry of the step. */
  readonly last?: JournalEntry;
}

/** The history of each step of a run, from the whole journal, oldest entry first. */
export function historyOf(entries: readonly JournalEntry[], run: string): ReadonlyMap<string, StepHistory> {
  const histories = new Map<string, StepHistory>();
  for (const entry of entries) {
    if (entry.taskRun !== run || entry.step === undefined) continue;
    histories.set(entry.step, { state: stateAfter(entry), last: entry });
  }
  return histories;
}

function stateAfter({ state, isUndo = false }: JournalEntry): StepHistory['state'] {
  if (state === 'done') return isUndo ? 'undone' : 'done';
  return isUndo ? 'undo-begun' : 'begun';
}
