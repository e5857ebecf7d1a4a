import { duration } from '../text/format.ts';
import { measure, neededRuns } from './measure.ts';
import type { Change, Measured, Range, SpeedRow, Verdict } from './model.ts';
import { createdAt, type SpeedInput } from './past.ts';
import { plannedRows } from './plan.ts';
import type { Series } from './series.ts';
import { isSince } from './since.ts';
import { weeklyCounts, wholeDays } from './weeks.ts';

/** Whole weeks from which a weekly count is judged. */
const neededWeeks = 2;

/**
 * The plan's rows. What counts as measured is what ran since the last change that moved the row: a task, a commit whose effect
 * is told from chance, or a shift. What ran before the first task or such a commit is the baseline.
 */
export function rowsOf(input: SpeedInput, series: readonly Series[], changes: readonly Change[]): SpeedRow[] {
  const created = input.pipelines.map(createdAt);
  return plannedRows.map((planned): SpeedRow => {
    const runs = series.find(({ id }) => id === planned.id)?.runs ?? [];
    const cuts = changes.filter((change) => moved(change, planned.id));
    const first = cuts.find(({ source }) => source !== 'shift');
    const last = cuts.at(-1);
    const from = last ? Date.parse(last.at) : Number.NEGATIVE_INFINITY;
    const until = first ? Date.parse(first.at) : Number.NEGATIVE_INFINITY;
    const before = runs.filter(({ at }) => at < until);
    const after = last ? runs.filter((run) => isSince(run, last)) : runs;
    const isCount = planned.unit === 'per-week';
    const stretch = { since: Math.max(input.since, from), now: input.now };
    const measured = isCount ? weeklyCounts(after, created, stretch) : measure(after);
    const earlier = isCount
      ? weeklyCounts(before, created, { since: input.since, now: until })
      : measure(before);
    const each = isCount ? measure(after) : null;
    const judged = isCount
      ? judgeCount(measured, planned.expectation, stretch, after.length)
      : judge(measured, planned.expectation, runs.length, last?.title);
    return {
      id: planned.id,
      title: planned.title,
      unit: planned.unit,
      baseline: { plan: planned.baseline, ...(earlier ? { measured: earlier } : {}) },
      expectation: planned.expectation,
      measured,
      ratio: earlier && measured && measured.median > 0 ? earlier.median / measured.median : null,
      ...judged,
      ...(each ? { each } : {}),
      runs: runs.map(({ pipeline, ref, at, seconds, queue }) => ({ pipeline, ref, at, seconds, queue })),
    };
  });
}

/** Whether a row is another one since a change. */
function moved({ source, pending, effects }: Change, row: SpeedRow['id']): boolean {
  if (pending !== undefined) return false;
  const effect = effects.find((one) => one.row === row);
  if (source === 'task') return true;
  return effect?.verdict === 'faster' || effect?.verdict === 'slower';
}

function judge(
  measured: Measured | null,
  { high }: Range,
  all: number,
  since: string | undefined,
): { verdict: Verdict; because: string } {
  if (!measured)
    return {
      verdict: 'not-yet',
      because: all > 0 && since !== undefined ? `not yet: no run since "${since}"` : 'not yet: no run of it',
    };
  const { n, median } = measured;
  if (n < neededRuns) return { verdict: 'not-yet', because: `not yet: ${n} of ${neededRuns} runs` };
  const isMet = median <= high;
  const away = `${duration(median)} is ${isMet ? 'within' : 'above'} ${duration(high)}`;
  return { verdict: isMet ? 'met' : 'missed', because: `median of ${n} runs: ${away}` };
}

function judgeCount(
  measured: Measured | null,
  { high }: Range,
  span: { readonly since: number; readonly now: number },
  runs: number,
): { verdict: Verdict; because: string } {
  if (runs === 0) return { verdict: 'not-yet', because: 'not yet: no run of a download job' };
  if (!measured || measured.n < neededWeeks)
    return { verdict: 'not-yet', because: `not yet: ${wholeDays(span)} of ${neededWeeks * 7} days` };
  const count = measured.median.toFixed(1);
  return measured.median <= high
    ? { verdict: 'met', because: `${count} a week for each platform, median of ${measured.n} weeks` }
    : { verdict: 'missed', because: `${count} a week for each platform, expected ${high}` };
}
