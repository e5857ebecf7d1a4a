import type { PipelineTiming } from './timing.ts';

/** A time axis in character cells. */
export interface TimeScale {
  readonly width: number;
  /** Milliseconds since the epoch at the left edge and at the right one. */
  readonly from: number;
  readonly to: number;
  /** The cell of a moment, clamped to the axis. */
  readonly cell: (at: number) => number;
  /** Round times from the start, as `{ x, seconds }`, far enough apart for their labels. */
  readonly ticks: readonly { readonly x: number; readonly seconds: number }[];
  /** The cell of now, while it is on the axis and something still runs. */
  readonly now?: number;
}

/** A job's bar in cells, ends excluded: queue from `queue` to `run`, running from `run` to `done`, expected from there to `end`. */
export interface Bar {
  readonly queue: number;
  readonly run: number;
  readonly done: number;
  readonly end: number;
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400];

/** A part of time, milliseconds since the epoch. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** From the first wait to the last end; to now while something runs or is to come (`lives`). */
export function timeRange(timing: PipelineTiming): TimeRange & { readonly lives: boolean } {
  let [from, to, lives] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, false];
  for (const [job, at] of timing.queued.entries()) {
    if (Number.isNaN(at)) continue;
    from = Math.min(from, at);
    to = Math.max(to, timing.end[job] ?? at);
    lives ||= timing.tense[job] !== 'past';
  }
  if (!Number.isFinite(from)) [from, to] = [timing.created, timing.created];
  from = Math.min(from, Number.isNaN(timing.created) ? from : Math.max(timing.created, from - 600_000));
  if (lives) to = Math.max(to, timing.now);
  return { from, to: from + Math.max(1_000, to - from), lives };
}

/** The axis over the whole range, or a part of it. `label` is the room that a tick's text takes. */
export function timeScale(timing: PipelineTiming, width: number, label = 8, part?: TimeRange): TimeScale {
  const whole = timeRange(timing);
  const { from, to } = part ?? whole;
  const cells = Math.max(1, width);
  const span = to - from;
  const cell = (at: number): number =>
    Math.min(cells - 1, Math.max(0, Math.floor(((at - from) / span) * cells)));
  const apart = (span / 1_000 / cells) * label;
  const step = steps.find((seconds) => seconds >= apart) ?? Math.ceil(apart / 86_400) * 86_400;
  const ticks: { x: number; seconds: number }[] = [];
  const first = Math.ceil((from - whole.from) / 1_000 / step) * step;
  for (let seconds = first; whole.from + seconds * 1_000 < to; seconds += step)
    ticks.push({ x: cell(whole.from + seconds * 1_000), seconds });
  const hasNow = whole.lives && timing.now >= from && timing.now <= to;
  return { width: cells, from, to, cell, ticks, ...(hasNow ? { now: cell(timing.now) } : {}) };
}

/** Jobs in the order they began to wait; those that do not run come last. O(jobs log jobs). */
export function timelineOrder(timing: PipelineTiming, shows: (job: number) => boolean): number[] {
  const key = (job: number): number => {
    const at = timing.queued[job] ?? Number.NaN;
    return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at;
  };
  const later = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);
  const jobs: number[] = [];
  for (let job = 0; job < timing.tense.length; job += 1) if (shows(job)) jobs.push(job);
  return jobs.sort((a, b) => later(key(a), key(b)) || later(timing.end[a] ?? 0, timing.end[b] ?? 0) || a - b);
}

/** Undefined for a job that does not run. Every bar is a cell long at least. */
export function barOf(timing: PipelineTiming, scale: TimeScale, job: number): Bar | undefined {
  const [queued, start, end] = [timing.queued[job], timing.start[job], timing.end[job]];
  if (queued === undefined || start === undefined || end === undefined || Number.isNaN(queued))
    return undefined;
  const queue = scale.cell(queued);
  const run = Math.max(queue, scale.cell(start));
  const last = Math.max(
    run + 1,
    Math.min(scale.width, Math.ceil(((end - scale.from) / (scale.to - scale.from)) * scale.width)),
  );
  const tense = timing.tense[job];
  const done =
    tense === 'past'
      ? last
      : tense === 'now'
        ? Math.min(last, Math.max(run + 1, scale.cell(timing.now) + 1))
        : run;
  return { queue, run, done, end: last };
}
