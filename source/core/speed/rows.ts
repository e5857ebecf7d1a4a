import { groupName } from '../pipeline/group.ts';
import { duration } from '../text/format.ts';
import type { Mark } from './marks.ts';
import { measure, neededRuns } from './measure.ts';
import type { Measured, Range, Run, SpeedRow, Verdict } from './model.ts';
import { createdAt, jobRuns, pipelineRuns, type SpeedInput } from './past.ts';
import { type PlannedRow, plannedRows } from './plan.ts';
import { weeklyCounts, wholeDays } from './weeks.ts';

/** Names of jobs that build an image, where the configuration was not read. */
const imageJob = /(?:container|docker|image|kaniko|buildah).*build|build.*(?:container|docker|image)/i;
const downloadJob = /\bdownload\b/;
/** Whole weeks from which a weekly count is judged. */
const neededWeeks = 2;

type Named = Run & { readonly name?: string };

/** The plan's rows with what was measured before the first and after the last task that was applied. */
export function rowsOf(input: SpeedInput, marks: readonly Mark[]): SpeedRow[] {
  const applied = marks.filter(({ source, pending }) => source === 'task' && pending === undefined);
  const first = applied[0] && Date.parse(applied[0].at);
  const last = applied.at(-1);
  const since = last && Date.parse(last.at);
  const created = input.pipelines.map(createdAt);
  return plannedRows.map((planned) => {
    const runs = runsOf(planned, input);
    const before = first === undefined ? [] : runs.filter(({ at }) => at < first);
    const after = since === undefined ? runs : runs.filter(({ at }) => at >= since);
    const isCount = planned.unit === 'per-week';
    const span = { since: Math.max(input.since, since ?? input.since), now: input.now };
    const measured = isCount ? weeklyCounts(after, created, span) : measure(after);
    const earlier =
      first === undefined
        ? null
        : isCount
          ? weeklyCounts(before, created, { since: input.since, now: first })
          : measure(before);
    const each = isCount ? measure(after) : null;
    const { verdict, because } = isCount
      ? judgeCount(measured, planned.expectation, span, after.length)
      : judge(measured, planned.expectation, runs.length, last?.title);
    return {
      id: planned.id,
      title: planned.title,
      unit: planned.unit,
      baseline: { plan: planned.baseline, ...(earlier ? { measured: earlier } : {}) },
      expectation: planned.expectation,
      measured,
      ratio: earlier && measured && measured.median > 0 ? earlier.median / measured.median : null,
      verdict,
      because,
      ...(each ? { each } : {}),
      runs: runs.map(({ pipeline, ref, at, seconds, queue }) => ({ pipeline, ref, at, seconds, queue })),
    };
  });
}

function runsOf({ kind, id }: PlannedRow, { pipelines, imageJobs }: SpeedInput): Named[] {
  if (kind !== undefined) return pipelineRuns(pipelines.filter((one) => one.kind === kind));
  if (id === 'tool-downloads') return jobRuns(pipelines, (name) => downloadJob.test(name));
  return jobRuns(pipelines, (name) =>
    imageJobs ? imageJobs.has(name) || imageJobs.has(groupName(name)) : imageJob.test(name),
  );
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
