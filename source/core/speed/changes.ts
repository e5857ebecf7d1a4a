import { changePoints } from './changePoints.ts';
import { amongAll, effectOf } from './effect.ts';
import type { Mark } from './marks.ts';
import type { Change } from './model.ts';
import type { Series } from './series.ts';
import { isSince } from './since.ts';

/** Runs on each side of a shift within which a known change explains it. */
const near = 3;

/**
 * The marks with what each did to each row, and the shifts that none of them explains; oldest first. The rows of a task are
 * judged together, and so is what all commits did: there may be many.
 */
export function changesOf(marks: readonly Mark[], series: readonly Series[]): Change[] {
  const inForce = marks.filter(({ pending }) => pending === undefined);
  const compared = marks.map((mark) => {
    // A task's change is not cut short by small commits after it; a commit's is.
    const others = inForce.filter(({ source }) => mark.source === 'commit' || source === 'task');
    const [from, to] = neighbours(timeOf(mark), others.map(timeOf));
    const sides = mark.pending === undefined ? series.flatMap((one) => sidesOf(one, mark, { from, to })) : [];
    return { mark, sides, effects: sides.map(({ id, before, after }) => effectOf(id, before, after)) };
  });
  const ofCommits = amongAll(
    compared.flatMap(({ mark, effects }) => (mark.source === 'commit' ? effects : [])),
  );
  const changes = compared.map(({ mark, sides, effects }): Change => {
    const among = mark.source === 'commit' ? ofCommits : amongAll(effects);
    const judged = sides.map(({ id, before, after }, index) => {
      const effect = effects[index];
      return effect && (effect.p ?? 0) <= among.limit ? effect : effectOf(id, before, after, among);
    });
    return { ...mark, effects: judged };
  });
  const shifts = series.flatMap((one) => shiftsOf(one, inForce.map(timeOf)));
  return [...changes, ...shifts].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function timeOf({ at }: Pick<Mark, 'at'>): number {
  return Date.parse(at);
}

function neighbours(at: number, others: readonly number[]): [from: number, to: number] {
  return [
    Math.max(Number.NEGATIVE_INFINITY, ...others.filter((other) => other < at)),
    Math.min(Number.POSITIVE_INFINITY, ...others.filter((other) => other > at)),
  ];
}

/** The runs of a row on both sides of a change; none where there is no run at all. */
function sidesOf(
  { id, runs }: Series,
  mark: Mark,
  { from, to }: { readonly from: number; readonly to: number },
) {
  const before = runs.filter((run) => run.at >= from && run.at < timeOf(mark));
  const after = runs.filter((run) => isSince(run, mark) && run.at < to);
  return before.length + after.length === 0 ? [] : [{ id, before, after }];
}

function shiftsOf({ id, title, runs }: Series, known: readonly number[]): Change[] {
  const points = changePoints(runs.map(({ seconds }) => seconds));
  return points.flatMap((point, index): Change[] => {
    const first = runs[point];
    if (!first) return [];
    const [from, to] = [runs[point - near]?.at ?? first.at, runs[point + near - 1]?.at ?? first.at];
    if (known.some((at) => at >= from && at <= to)) return [];
    const before = runs.slice(points[index - 1] ?? 0, point);
    const after = runs.slice(point, points[index + 1] ?? runs.length);
    const at = new Date(first.at).toISOString();
    return [
      {
        id: `shift/${id}/${first.pipeline}`,
        source: 'shift',
        title: `${title}: its duration moved, and no known change explains it`,
        at,
        effects: [effectOf(id, before, after)],
      },
    ];
  });
}
